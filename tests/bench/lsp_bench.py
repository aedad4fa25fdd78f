#!/usr/bin/env python3
"""Benchmark any stdio language server: latency percentiles, time to first answer, peak memory.

    lsp_bench.py --cmd "pyright-langserver --stdio" --root REPO --file pkg/mod.py [--n 50]
                 [--ops definition,completion,hover,references,typing] [--positions pos.json] [--json out.json]

Positions: --positions is a list of {"file","line","character"[, "op"][, "expect"]} (0-based, utf-16 units);
without it N identifier uses are sampled from the files with `ast` (seeded, so every server gets the same).
"expect" (a substring of a result uri or label) makes the answer count as right only if it appears in the reply.
`typing` types each chosen identifier's prefix one key at a time (didChange then completion at once), then undoes it:
it measures what a user feels, since no server can answer it from a cache of the unchanged document.
Only the standard library and psutil are needed.
"""

from __future__ import annotations
import argparse, ast, json, os, queue, random, shlex, statistics, subprocess, sys, threading, time, traceback
from pathlib import Path
import psutil


TRACE = int(os.environ.get("LSP_BENCH_TRACE", "0"))  # print that many characters of every message received


class Memory(threading.Thread):
    """Samples the memory of a process tree: peak of summed RSS, and of PSS (shared pages counted once) more rarely."""

    def __init__(self, pid: int, every: float = 0.05):
        super().__init__(daemon=True)
        self.pid, self.every, self.stop = pid, every, threading.Event()
        self.peak_rss = self.peak_pss = self.peak_procs = 0
        self.cpu = 0.0

    def run(self):
        seen, tick = {}, 0
        while not self.stop.is_set():
            try:
                root = psutil.Process(self.pid)
                procs = [root, *root.children(recursive=True)]
            except psutil.Error:
                break
            rss = pss = 0
            for p in procs:
                try:
                    rss += p.memory_info().rss
                    t = p.cpu_times()
                    seen[p.pid] = t.user + t.system
                    if tick % 10 == 0:
                        pss += p.memory_full_info().pss
                except (psutil.Error, OSError):
                    pass
            self.peak_rss, self.peak_pss = max(self.peak_rss, rss), max(self.peak_pss, pss)
            self.peak_procs, self.cpu = max(self.peak_procs, len(procs)), sum(seen.values())
            tick += 1
            self.stop.wait(self.every)


class Client:
    def __init__(self, cmd: list[str], cwd: str, settings: dict, log: str | None):
        self.settings = settings
        self.proc = subprocess.Popen(
            cmd,
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(log, "wb") if log else subprocess.DEVNULL,
        )
        self.t0 = time.perf_counter()
        self.lock, self.cond = threading.Lock(), threading.Condition()
        self.next_id, self.replies, self.progress, self.events = 0, {}, {}, []
        self.diagnostics: dict[str, int] = {}
        self.outbox: queue.SimpleQueue = queue.SimpleQueue()
        threading.Thread(target=self._write, daemon=True).start()
        threading.Thread(target=self._read, daemon=True).start()

    def now(self):
        return time.perf_counter() - self.t0

    def _send(self, msg: dict):
        body = json.dumps({"jsonrpc": "2.0", **msg}).encode()
        self.outbox.put(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def _write(self):
        # a thread of its own: the reader must never wait for a full pipe, or client and server block each other
        try:
            while True:
                self.proc.stdin.write(self.outbox.get())
                self.proc.stdin.flush()
        except (OSError, ValueError):
            pass

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def start(self, method, params) -> int:
        with self.lock:
            self.next_id += 1
            rid = self.next_id
        self._send({"id": rid, "method": method, "params": params})
        return rid

    def wait(self, rid, timeout):
        end = time.monotonic() + timeout
        with self.cond:
            while rid not in self.replies:
                left = end - time.monotonic()
                if left <= 0 or self.proc.poll() is not None:
                    return {"error": {"message": "timeout" if left <= 0 else "server died"}}
                self.cond.wait(min(left, 0.5))
            return self.replies.pop(rid)

    def request(self, method, params, timeout=60.0):
        t = time.perf_counter()
        reply = self.wait(self.start(method, params), timeout)
        return reply, time.perf_counter() - t

    def _read(self):
        out = self.proc.stdout
        while True:
            size = None
            while line := out.readline():
                if line == b"\r\n":
                    break
                if line.lower().startswith(b"content-length:"):
                    size = int(line.split(b":")[1])
            if not line or size is None:
                with self.cond:
                    self.cond.notify_all()
                return
            msg = json.loads(out.read(size))
            if TRACE:
                print(f"{self.now():8.3f}", json.dumps(msg)[:TRACE], file=sys.stderr, flush=True)
            if "method" in msg and "id" in msg:
                self._answer(msg)
            elif "method" in msg:
                self._note(msg)
            else:
                with self.cond:
                    self.replies[msg["id"]] = msg
                    self.cond.notify_all()

    def _answer(self, msg):
        """Server to client requests; a client that ignores them stalls several servers."""
        m, p, result = msg["method"], msg.get("params") or {}, None
        if m == "workspace/configuration":

            def get(section):
                v = self.settings
                for part in (section or "").split("."):
                    if part:
                        v = v.get(part, None) if isinstance(v, dict) else None
                return v

            result = [get(i.get("section")) for i in p.get("items", [])]
        elif m == "workspace/workspaceFolders":
            result = self.folders
        elif m == "workspace/applyEdit":
            result = {"applied": True}
        self._send({"id": msg["id"], "result": result})

    def _note(self, msg):
        m, p = msg["method"], msg.get("params") or {}
        if m == "$/progress":
            kind = (p.get("value") or {}).get("kind")
            if kind in ("begin", "end"):
                self.progress.setdefault(str(p["token"]), {})[kind] = self.now()
        elif m == "textDocument/publishDiagnostics":
            if p["uri"] not in self.diagnostics:
                self.events.append(("first diagnostics", round(self.now(), 3)))
            self.diagnostics[p["uri"]] = len(p["diagnostics"])


CAPS = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "applyEdit": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True},
        "definition": {"linkSupport": True},
        "references": {},
        "hover": {"contentFormat": ["markdown"]},
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "labelDetailsSupport": True,
                "resolveSupport": {"properties": ["documentation", "detail", "additionalTextEdits"]},
            },
            "contextSupport": True,
        },
    },
}


def utf16(s: str) -> int:
    return len(s.encode("utf-16-le")) // 2


def sample(root: Path, files: list[str], n: int, seed: int):
    """Seeded identifier uses: attribute names and loaded names."""
    rng, out = random.Random(seed), []
    for f in files:
        text = (root / f).read_text("utf-8")
        lines, spots = text.splitlines(), []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute):
                ln, end = node.end_lineno - 1, node.end_col_offset
                raw = lines[ln].encode()[:end].decode("utf-8", "ignore")
                spots.append((ln, utf16(raw) - len(node.attr), node.attr, "attr"))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                raw = lines[node.lineno - 1].encode()[: node.col_offset].decode("utf-8", "ignore")
                spots.append((node.lineno - 1, utf16(raw), node.id, "name"))
        spots = sorted(set(spots))
        rng.shuffle(spots)
        out += [
            {"file": f, "line": l, "character": c, "word": w, "kind": k}
            for l, c, w, k in spots[: -(-n // len(files))]
        ]
    return out[:n]


def summary(ms: list[float], good: int):
    s = sorted(ms)
    pick = lambda q: round(s[min(len(s) - 1, int(len(s) * q))], 1)
    return (
        {
            "n": len(s),
            "answered_pct": round(100 * good / len(s), 1),
            "first": round(ms[0], 1),
            "p50": pick(0.5),
            "p95": pick(0.95),
            "max": round(s[-1], 1),
            "mean": round(statistics.fmean(s), 1),
        }
        if s
        else {"n": 0}
    )


def filled(result):
    if isinstance(result, dict) and "items" in result:
        return bool(result["items"])
    return bool(result)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--cmd", required=True)
    ap.add_argument("--root", required=True)
    ap.add_argument("--file", action="append", required=True)
    ap.add_argument("--n", type=int, default=50)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--ops", default="definition,completion,typing")
    ap.add_argument("--positions")
    ap.add_argument("--json")
    ap.add_argument("--timeout", type=float, default=60)
    ap.add_argument(
        "--ready", type=float, default=120, help="most seconds to wait for a first non-empty definition"
    )
    ap.add_argument(
        "--settle", type=float, default=2, help="quiet seconds after ready (no open progress) before timing"
    )
    ap.add_argument(
        "--pace", type=float, default=0, help="seconds between requests (spread them over an indexing phase)"
    )
    ap.add_argument("--settings", default="{}")
    ap.add_argument("--init", default="{}")
    ap.add_argument("--log")
    ap.add_argument("--name")
    a = ap.parse_args()
    root = Path(a.root).resolve()
    spots = json.loads(Path(a.positions).read_text()) if a.positions else sample(root, a.file, a.n, a.seed)
    c = Client(shlex.split(a.cmd), str(root), json.loads(a.settings), a.log)
    mem = Memory(c.proc.pid)
    mem.start()
    c.folders = [{"uri": root.as_uri(), "name": root.name}]
    out = {"name": a.name or a.cmd, "root": str(root), "files": a.file}
    try:
        init, dt = c.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "rootPath": str(root),
                "workspaceFolders": c.folders,
                "capabilities": CAPS,
                "initializationOptions": json.loads(a.init),
            },
            max(a.ready, 30),
        )
        if "error" in init:
            raise SystemExit(f"initialize failed: {init['error']}")
        out["initialize_s"] = round(c.now(), 3)
        caps = init["result"]["capabilities"]
        c.notify("initialized", {})
        c.notify("workspace/didChangeConfiguration", {"settings": json.loads(a.settings)})
        texts, versions = {}, {}
        for f in sorted({s["file"] for s in spots} | set(a.file)):
            texts[f], versions[f] = (root / f).read_text("utf-8"), 1
            c.notify(
                "textDocument/didOpen",
                {
                    "textDocument": {
                        "uri": (root / f).as_uri(),
                        "languageId": "python",
                        "version": 1,
                        "text": texts[f],
                    }
                },
            )
        doc = lambda s: {
            "textDocument": {"uri": (root / s["file"]).as_uri()},
            "position": {"line": s["line"], "character": s["character"]},
        }
        # ready: first non-empty definition over the first few positions, asked round-robin
        out["first_answer_s"], first_err = None, None
        i = 0
        while c.now() < a.ready:
            reply, _ = c.request(
                "textDocument/definition", doc(spots[i % min(8, len(spots))]), max(a.ready, 30)
            )
            i += 1
            if filled(reply.get("result")):
                out["first_answer_s"] = round(c.now(), 3)
                break
            first_err = reply.get("error") or first_err
            time.sleep(0.02)
        out["probes"] = i
        quiet = time.monotonic()
        while time.monotonic() - quiet < a.settle and c.now() < a.ready + 60:
            if any("end" not in p for p in c.progress.values()):
                quiet = time.monotonic()
            time.sleep(0.05)
        out["progress_done_s"] = round(
            max((p["end"] for p in c.progress.values() if "end" in p), default=0), 2
        )
        out["rss_mb_ready"], out["cpu_s_ready"] = round(mem.peak_rss / 1e6), round(mem.cpu, 1)
        for op in a.ops.split(","):
            lat, good, errs, items = [], 0, {}, []
            use = [s for s in spots if s.get("op", op) == op]
            for s in use:
                if a.pace:
                    time.sleep(a.pace)
                if op == "typing":
                    uri, ln = (root / s["file"]).as_uri(), s["line"]
                    word = s.get("word", "abc")[:3]
                    # new line above: same prefix up to the identifier, then type
                    line = texts[s["file"]].splitlines()[ln]
                    head = line.encode("utf-16-le")[: 2 * s["character"]].decode("utf-16-le")

                    def change(rng, text):
                        versions[s["file"]] += 1
                        c.notify(
                            "textDocument/didChange",
                            {
                                "textDocument": {"uri": uri, "version": versions[s["file"]]},
                                "contentChanges": [{"range": rng, "text": text}],
                            },
                        )

                    P = lambda l, ch: {"line": l, "character": ch}
                    change({"start": P(ln, 0), "end": P(ln, 0)}, head + "\n")
                    col = s["character"]
                    for ch in word:
                        t = time.perf_counter()
                        change({"start": P(ln, col), "end": P(ln, col)}, ch)
                        col += 1
                        reply, _ = c.request(
                            "textDocument/completion",
                            {
                                "textDocument": {"uri": uri},
                                "position": P(ln, col),
                                "context": {"triggerKind": 1},
                            },
                            a.timeout,
                        )
                        lat.append((time.perf_counter() - t) * 1e3)
                        r = reply.get("result")
                        it = r.get("items") if isinstance(r, dict) else (r or [])
                        good += any(x["label"].startswith(s.get("word", "")) for x in it or [])
                        items.append(len(it or []))
                        if "error" in reply:
                            errs[reply["error"]["message"][:80]] = (
                                errs.get(reply["error"]["message"][:80], 0) + 1
                            )
                    change({"start": P(ln, 0), "end": P(ln + 1, 0)}, "")
                    continue
                p = doc(s)
                if op == "completion":
                    p["context"] = {"triggerKind": 1}
                if op == "references":
                    p["context"] = {"includeDeclaration": True}
                reply, dt = c.request(f"textDocument/{op}", p, a.timeout)
                lat.append(dt * 1e3)
                r = reply.get("result")
                ok = filled(r) and (s.get("expect", "") in json.dumps(r))
                good += ok
                if isinstance(r, dict) and "items" in r:
                    items.append(len(r["items"]))
                elif isinstance(r, list):
                    items.append(len(r))
                if "error" in reply:
                    errs[reply["error"]["message"][:80]] = errs.get(reply["error"]["message"][:80], 0) + 1
            out[op + "_ms"] = summary(lat, good)
            if items:
                out[op + "_ms"]["items_p50"] = sorted(items)[len(items) // 2]
            if errs:
                out[op + "_ms"]["errors"] = errs
        out["first_diagnostics_s"] = next((t for n, t in c.events if n == "first diagnostics"), None)
    finally:
        try:
            c.request("shutdown", None, 5)
            c.notify("exit", None)
            c.proc.wait(5)
        except Exception:
            c.proc.kill()
        mem.stop.set()
        mem.join(2)
    ends = [p["end"] for p in c.progress.values() if "end" in p]
    out |= {
        "progress_last_end_s": round(max(ends, default=0), 2),
        "progress_open": sum("end" not in p for p in c.progress.values()),
    }
    out |= {
        "peak_rss_mb": round(mem.peak_rss / 1e6),
        "peak_pss_mb": round(mem.peak_pss / 1e6),
        "procs": mem.peak_procs,
        "cpu_s": round(mem.cpu, 1),
        "total_s": round(c.now(), 1),
    }
    print(json.dumps(out))
    if a.json:
        with open(a.json, "a") as fh:
            fh.write(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
