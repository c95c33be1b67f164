// Passkeys: asks the browser for one and sends what it answers. Passwords and codes work without this script.
async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  return response.json();
}

function askingForOneThatIsEnoughAlone(options, wanted) {
  if (!wanted) return options;
  const asked = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  Object.assign(options.publicKey.authenticatorSelection, asked);
  return options;
}

async function passkeyFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "get") return webauthnJSON.get(options.request_options);
  return webauthnJSON.create(
    askingForOneThatIsEnoughAlone(options.creation_options, form.elements.passwordless?.checked),
  );
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const error = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await passkeyFor(form));
      form.submit();
    } catch {
      error.hidden = false;
    }
  });
}
