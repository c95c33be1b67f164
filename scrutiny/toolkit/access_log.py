"""gunicorn's own log, where it is switched on, without secrets.

gunicorn scrutiny.wsgi --access-logfile - --logger-class scrutiny.toolkit.access_log.Log
"""

from gunicorn.glogging import Logger

from scrutiny.toolkit.logs import HIDDEN, safe_path, safe_text


class Log(Logger):
    def atoms(self, resp, req, environ, request_time):
        """What a line may hold: of the address only words and keys, and nothing of headers that quote one."""
        atoms = super().atoms(resp, req, environ, request_time)
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("RAW_URI", "")
        atoms |= {
            "r": safe_text(f"{method} {safe_path(path)} {environ.get('SERVER_PROTOCOL', '')}"),
            "U": safe_path(path),
            "q": "",
            "a": safe_text(environ.get("HTTP_USER_AGENT", "-")),
            "f": HIDDEN if environ.get("HTTP_REFERER") else "-",
        }
        return {name: value for name, value in atoms.items() if not name.startswith("{")}
