// First in <body>: tells the stylesheets that scripts run, so that enhanced parts may hide their plain form.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
