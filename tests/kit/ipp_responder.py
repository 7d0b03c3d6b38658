"""ipp_responder: a small IPP printer of our own, for what ippeveprinter cannot be made to do.

It can be out of paper while idle, answer nonsense, fall silent or drip at any operation, forget its jobs, and say
"completed" with a fault. It counts the documents that reached it: papers is the list of their bytes, in order.

    with IppResponder() as printer:
        printer.reasons = ["media-empty-error"]; printer.state = "stopped"
        printer.behave["Create-Job"] = "hang"

Behaviours of an operation: "hang" (never answers), "drip" (a byte a second), "garbage", "close", "http-500",
"busy" (server-error-busy), "no-attributes" (success without what was asked); "eat" for Send-Document: takes the
document, prints it, and hangs.
"""
import http.server
import socketserver
import struct
import threading
import time

OPERATIONS = {2: "Print-Job", 4: "Validate-Job", 5: "Create-Job", 6: "Send-Document", 8: "Cancel-Job",
              9: "Get-Job-Attributes", 10: "Get-Jobs", 11: "Get-Printer-Attributes"}
STATES = {"idle": 3, "processing": 4, "stopped": 5}
JOB = {"pending": 3, "held": 4, "processing": 5, "stopped": 6, "canceled": 7, "aborted": 8, "completed": 9}


def attribute(tag, name, *values):
    out = b""
    for number, value in enumerate(values):
        if isinstance(value, bool):
            value = struct.pack(">B", value)
        elif isinstance(value, int):
            value = struct.pack(">i", value)
        elif isinstance(value, str):
            value = value.encode()
        key = name.encode() if number == 0 else b""
        out += struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(value)) + value
    return out


def read_request(body):
    """(operation, request id, {name: first value}, document)"""
    _, operation, request = struct.unpack(">HHI", body[:8])
    values, at, name = {}, 8, None
    while body[at] != 3:
        if body[at] < 0x10:
            at += 1
            continue
        tag, length = struct.unpack(">BH", body[at:at + 3])
        key = body[at + 3:at + 3 + length].decode()
        at += 3 + length
        size, = struct.unpack(">H", body[at:at + 2])
        value = body[at + 2:at + 2 + size]
        at += 2 + size
        if key:
            name = key
            values.setdefault(name, struct.unpack(">i", value)[0] if tag in (0x21, 0x23) else value)
    return OPERATIONS.get(operation, str(operation)), request, values, body[at + 1:]


class IppResponder:
    def __init__(self):
        self.state, self.reasons, self.accepting = "idle", ["none"], True
        self.formats = ["application/pdf", "application/octet-stream"]
        self.behave = {}        # operation -> behaviour
        self.after_job = None   # reasons that the printer has once a job is completed
        self.job_end = "completed"
        self.jobs = {}          # id -> {"name", "state", "document"}
        self.papers = []        # documents that came out
        self.seen = []          # operations in order
        self.asked = set()      # (path, printer-uri)
        self.next_id = 1
        self.over = threading.Event()

    def __enter__(self):
        responder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                responder.serve(self)

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.uri = f"ipp://127.0.0.1:{self.server.server_port}/ipp/print"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def read_body(self, handler):
        if handler.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        body = b""
        while True:
            size = int(handler.rfile.readline(), 16)
            chunk = handler.rfile.read(size)
            handler.rfile.readline()
            if size == 0:
                return body
            body += chunk

    def serve(self, handler):
        operation, request, values, document = read_request(self.read_body(handler))
        self.seen.append(operation)
        self.asked.add((handler.path, values.get("printer-uri", b"").decode()))
        behaviour = self.behave.get(operation)
        if behaviour == "eat":
            self.answer(operation, request, values, document)
        if behaviour in ("hang", "eat"):
            self.over.wait()
        elif behaviour == "drip":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 99999\r\n\r\n")
            while not self.over.wait(1):
                handler.wfile.write(b"\2")
                handler.wfile.flush()
        elif behaviour == "close":
            handler.close_connection = True
        elif behaviour == "http-500":
            handler.send_error(500)
        elif behaviour == "garbage":
            self.reply(handler, b"\xff\xfe" * 400)
        elif behaviour == "busy":
            self.reply(handler, struct.pack(">HHI", 0x200, 0x507, request) + self.head() + b"\3")
        elif behaviour == "no-attributes":
            self.reply(handler, struct.pack(">HHI", 0x200, 0, request) + self.head() + b"\3")
        else:
            self.reply(handler, self.answer(operation, request, values, document))

    def reply(self, handler, body):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/ipp")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def head(self):
        return (b"\1" + attribute(0x47, "attributes-charset", "utf-8")
                + attribute(0x48, "attributes-natural-language", "en"))

    def job_attributes(self, number):
        job = self.jobs[number]
        reason = "job-data-insufficient" if job["state"] == "held" else "none"
        return (b"\2" + attribute(0x21, "job-id", number) + attribute(0x42, "job-name", job["name"])
                + attribute(0x23, "job-state", JOB[job["state"]]) + attribute(0x44, "job-state-reasons", reason))

    def answer(self, operation, request, values, document):
        status, body = 0, b""
        number = values.get("job-id")
        if operation == "Get-Printer-Attributes":
            body = (b"\4" + attribute(0x23, "printer-state", STATES[self.state])
                    + attribute(0x44, "printer-state-reasons", *self.reasons)
                    + attribute(0x22, "printer-is-accepting-jobs", self.accepting)
                    + attribute(0x49, "document-format-supported", *self.formats)
                    + attribute(0x21, "printer-up-time", int(time.monotonic()) + 1))
        elif operation == "Create-Job":
            number, self.next_id = self.next_id, self.next_id + 1
            self.jobs[number] = {"name": values["job-name"].decode(), "state": "held"}
            body = self.job_attributes(number)
        elif operation == "Get-Jobs":
            done = ("completed", "canceled", "aborted")
            wanted = values.get("which-jobs", b"not-completed") == b"completed"
            for other, job in list(self.jobs.items()):
                if (job["state"] in done) == wanted:
                    body += self.job_attributes(other)
        elif number not in self.jobs:
            status = 0x406
        elif operation == "Send-Document":
            self.jobs[number]["state"] = self.job_end
            if self.job_end == "completed":
                self.papers.append(document)
                if self.after_job:
                    self.reasons = self.after_job
            body = self.job_attributes(number)
        elif operation == "Get-Job-Attributes":
            body = self.job_attributes(number)
        elif operation == "Cancel-Job":
            if self.jobs[number]["state"] in ("completed", "canceled", "aborted"):
                status = 0x404
            else:
                self.jobs[number]["state"] = "canceled"
        return struct.pack(">HHI", 0x200, status, request) + self.head() + body + b"\3"
