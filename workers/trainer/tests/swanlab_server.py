"""A small server of the SwanLab protocol for the tests: it answers the SDK and keeps what it was sent."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SwanlabServer:
    def __init__(self) -> None:
        self.requests: list[tuple[float, str, str, dict | None]] = []
        self.scalars: list[tuple[float, dict]] = []
        self.lines: list[tuple[float, dict]] = []
        self.projects: set[str] = set()
        self.runs: set[str] = set()
        self.state: str | None = None
        self.lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_) -> None:
                pass

            def _handle(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                text = self.rfile.read(length)
                body = json.loads(text) if text else None
                status, reply = owner.answer(self.command, self.path.partition("?")[0], body)
                data = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("content-type", "text/plain" if isinstance(reply, str) else "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_DELETE = _handle

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def environment(self, run: str) -> dict:
        return {
            "SWANLAB_API_KEY": "k" * 21,
            "SWANLAB_API_HOST": self.host + "/api",
            "SWANLAB_WEB_HOST": self.host,
            "SWANLAB_MODE": "cloud",
            "SWANLAB_RUN_ID": run,
            "SWANLAB_RESUME": "allow",
            "SWANLAB_EXP_NAME": "test",
        }

    def answer(self, method: str, path: str, body: dict | None):
        now = time.time()
        with self.lock:
            self.requests.append((now, method, path, body))
            parts = path.removeprefix("/api").strip("/").split("/")
            if path == "/api":
                return 200, "OK"
            if parts == ["login", "api_key"]:
                return 200, {"sid": "s", "expiredAt": "2999-01-01T00:00:00.000Z", "userInfo": {"username": "ada", "name": "ada"}}
            if parts[0] == "project" and len(parts) == 3:
                if parts[2] not in self.projects:
                    return 404, {"code": 404, "message": "Not Found"}
                return 200, self._project(parts[1], parts[2])
            if parts[0] == "projects" and len(parts) == 2:
                self.projects.add(body["name"])
                return 201, self._project(parts[1], body["name"])
            if parts[0] == "project" and parts[3:] == ["experiment"]:
                status = 200 if body["cuid"] in self.runs else 201
                self.runs.add(body["cuid"])
                return status, {"cuid": body["cuid"], "name": body["name"], "slug": body["cuid"], "createdAt": "2026-01-01T00:00:00.000Z"}
            if parts[:3] == ["house", "metrics", "summaries"]:
                step = max((item["index"] for _, item in self.scalars), default=0)
                keys = {item["key"] for _, item in self.scalars}
                return 200, {"log": [{"key": "LOG", "step": len(self.lines)}], "media": [], "scalar": [{"key": key, "step": step} for key in keys]}
            if parts[:2] == ["house", "metrics"]:
                kept = {"scalar": self.scalars, "log": self.lines}.get(body["type"], [])
                kept.extend((now, item) for item in body["metrics"])
            if parts[-1] == "state":
                self.state = body["state"]
            return 200, {}

    def _project(self, workspace: str, name: str) -> dict:
        return {"cuid": "p", "name": name, "path": f"/{workspace}/{name}", "version": 1, "group": {"username": workspace}, "_count": {"experiments": 0}}
