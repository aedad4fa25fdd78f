"""The webhook against a real server on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pubsub_devtools.resilience.dead_letters.alerts import AlertMeter, AlertRule
from pubsub_devtools.resilience.dead_letters.webhook import Webhook

from .letters import letter


@pytest.fixture
def server():
    answers, received = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(
                (dict(self.headers), json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            )
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", answers, received
        server.shutdown()
        thread.join()


def alert():
    return AlertMeter(AlertRule("orders", 1, 60)).saw(letter(), 0)


def test_an_alert_is_posted_as_json_with_its_text(server):
    url, _, received = server
    webhook = Webhook(url, headers={"Authorization": "Bearer x"})
    webhook(alert())
    webhook.close()
    ((headers, body),) = received
    assert (headers["Content-Type"], headers["Authorization"]) == ("application/json", "Bearer x")
    assert (body["rule"], body["count"], body["text"]) == ("orders", 1, alert().text)
    webhook.close()


def test_a_server_that_recovers_gets_it_and_one_that_does_not_is_logged(server, caplog):
    url, answers, received = server
    answers += [503, 500]
    naps = []
    webhook = Webhook(url, sleep=naps.append)
    webhook(alert())
    webhook.close()
    assert (len(received), naps) == (3, [1.0, 2.0])
    assert caplog.text == ""
    answers += [500, 500, 500]
    webhook(alert())
    webhook.close()
    assert "does not take alerts" in caplog.text
    assert alert().text in caplog.text


def test_too_many_that_wait_are_logged_not_kept(server, caplog):
    url, answers, _ = server
    answers += [500]
    reached, go_on = threading.Event(), threading.Event()

    def sleep(_):
        reached.set()
        go_on.wait(10)

    webhook = Webhook(url, sleep=sleep)
    webhook(alert())
    assert reached.wait(10)
    for _ in range(101):
        webhook(alert())
    assert caplog.text.count("too many alerts wait") == 1
    go_on.set()
    webhook.close()


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org/hook", "file:///etc/passwd", "http://"])
def test_other_urls_are_refused(url):
    with pytest.raises(ValueError, match="http or https URL"):
        Webhook(url)
