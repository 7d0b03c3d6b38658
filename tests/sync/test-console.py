#!/usr/bin/python3
"""The console by plain HTTP: signing in and out, who sees what, the four acts, readings recorded first, nothing that runs."""
import html
import re
import signal

import city_kit
import tap
from city_kit import PASSPHRASE, Browser

city = city_kit.City()
city.start()
kiosk = city.enrol("kiosk")
HOSTILE = "<script>alert(1)</script>\"'&"
PAGE = b"\xff\xd8\xff\xe0 synthetic \xff\xd9" * 100
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DOCUMENTS = [("passport", PAGE, "image/jpeg"), ("contract", b"%PDF-1.4 synthetic", "application/pdf"), ("signature", SVG, "image/svg+xml")]
direct = kiosk.submit({"post": HOSTILE, "employer": "示例有限公司"}, DOCUMENTS)
behalf = kiosk.submit({}, DOCUMENTS, service="overseas-talent-certificate")
precheck = kiosk.submit({}, (), service="work-permit")
city.user("lin", "centre", display="林示例")
city.user("zhou", "department", department="public-security", display="周示例")
city.user("other", "department", department="tax")
city.user("far", "centre", hall="CS")
city.user("boss", "leader")


def signed_in(name):
    browser = Browser(city)
    assert browser.sign_in(name).status == 303
    return browser


def text(answer):
    return answer.body.decode()


def state(case):
    return city.rows("SELECT state FROM case_file WHERE number=?", case.number)[0][0]


def act(browser, case, action, version=None, **fields):
    page = f"/cases/{case.number}"
    if version is None:
        version = city.rows("SELECT version FROM case_file WHERE number=?", case.number)[0][0]
    return browser.post(page + "/act", page, {"action": action, "version": str(version), **fields})


def offers(browser, case):
    return re.findall(r'name=action value="(\w+)"', text(browser.get(f"/cases/{case.number}")))


@tap.test("nobody sees anything without signing in; headers are strict; the cookie is of the strictest kind")
def _():
    nobody = Browser(city)
    for path in ("/", "/cases", f"/cases/{direct.number}", "/devices", f"/cases/{direct.number}/document/0/0"):
        answer = nobody.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/sign-in"), path
    assert nobody.ask("POST", f"/cases/{direct.number}/act", {"action": "receive", "version": "1"}).status in (303, 403)
    page = nobody.get("/sign-in")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff" and page.headers["Cache-Control"] == "no-store"
    assert "<style" not in text(page) and " style=" not in text(page) and "onclick" not in text(page)
    cookie = nobody.sign_in("lin").headers["Set-Cookie"]
    assert re.match(r"__Host-onestop=[0-9a-f]{48}; Path=/; Secure; HttpOnly; SameSite=Strict$", cookie)
    for path in ("/console.css", "/console.js", "/mark.svg"):
        assert Browser(city).get(path).status == 200


@tap.test("an unknown name, a wrong passphrase and a locked account get the same words; waits double")
def _():
    browser = Browser(city)
    wrong, unknown = browser.sign_in("boss", "not this one at all"), browser.sign_in("nobody-here", PASSPHRASE)
    assert wrong.status == unknown.status == 403 and wrong.body == unknown.body
    for _ in range(4):
        browser.sign_in("boss", "not this one at all")
    failures, until = city.rows("SELECT failures, locked_until FROM user WHERE name='boss'")[0]
    assert failures >= 4 and until > 0
    assert browser.sign_in("boss").body == wrong.body, "the right passphrase does not unlock"
    city.run("user", "passwd", "boss", stdin=PASSPHRASE + "\n")
    assert browser.sign_in("boss").status == 303


@tap.test("a form from elsewhere, without the token, or with another's, does nothing")
def _():
    lin, zhou = signed_in("lin"), signed_in("zhou")
    page, where = f"/cases/{direct.number}", f"/cases/{direct.number}/act"
    form = {"action": "receive", "version": "1"}
    assert lin.ask("POST", where, form).status == 403
    assert lin.ask("POST", where, {**form, "token": zhou.token("/cases")}).status == 403
    assert lin.post(where, page, form, {"Origin": "https://elsewhere.example"}).status == 403
    assert lin.post(where, page, form, {"Origin": "null"}).status == 403
    assert state(direct) == "submitted"


@tap.test("queues count what waits; no name or number of a person stands in a list")
def _():
    lin = signed_in("lin")
    page = text(lin.get("/cases"))
    assert re.search(r"queue=submitted.*?<b>3</b>", page, re.S) and direct.number in page
    assert "王示例" not in page and "王" not in re.sub(r"<[^>]+>", "", page).replace("王*", "")
    assert "姑苏英才服务卡" in page
    assert lin.get("/cases?queue=nonsense").status == 404


@tap.test("the buttons are those of the table for this actor and state, and no other act gets through")
def _():
    lin, zhou, far = signed_in("lin"), signed_in("zhou"), signed_in("far")
    assert offers(lin, direct) == ["receive", "transfer_hall"]
    for browser in (zhou, far):
        assert browser.get(f"/cases/{direct.number}").status == 404
        assert browser.ask("POST", f"/cases/{direct.number}/act",
                           {"action": "receive", "version": "1", "token": browser.token("/cases")}).status == 404
    for action, status in (("accept", 409), ("decide", 409), ("deem_accepted", 400), ("withdraw", 400), ("nonsense", 400)):
        assert act(lin, direct, action, outcome="granted").status == status, action
    assert state(direct) == "submitted"


@tap.test("received is not accepted: 收件 first, the limit runs from the day of submission; then 受理 and 办结")
def _():
    lin = signed_in("lin")
    answer = act(lin, direct, "receive", remark="原件待核")
    assert answer.status == 303 and state(direct) == "received"
    page = text(lin.get(answer.headers["Location"]))
    assert "已记录：收件" in page and "原件待核" in page
    assert "已受理" not in re.findall(r'<span class="chip [^>]*>[^<]*', page)[0]
    assert act(lin, direct, "accept").status == 303 and state(direct) == "accepted"
    items = [i for i in kiosk.feed().json["items"] if i.get("number") == direct.number]
    assert [i["state"] for i in items] == ["submitted", "received", "accepted"]
    assert act(lin, direct, "decide_on_spot", outcome="refused", reason="x").status == 400, "no basis, no remedies"
    assert state(direct) == "accepted"
    assert act(lin, direct, "decide_on_spot", outcome="granted").status == 303 and state(direct) == "decided"
    assert act(lin, direct, "deliver", how="window").status == 303 and state(direct) == "delivered"


@tap.test("on behalf: the centre hands over and cannot accept; the department sees it then, and accepts; due days go down")
def _():
    lin, zhou, other = signed_in("lin"), signed_in("zhou"), signed_in("other")
    act(lin, behalf, "receive")
    assert "accept" not in offers(lin, behalf)
    assert act(lin, behalf, "accept").status == 403 and state(behalf) == "received"
    assert act(lin, behalf, "hand_over").status == 400, "to whom?"
    assert act(lin, behalf, "hand_over", department="public-security").status == 303 and state(behalf) == "handed_over"
    assert other.get(f"/cases/{behalf.number}").status == 404
    assert "accept" in offers(zhou, behalf)
    assert act(zhou, behalf, "accept").status == 303 and state(behalf) == "accepted"
    items = [i for i in kiosk.feed().json["items"] if i.get("number") == behalf.number]
    assert [i["action"] for i in items] == ["submit", "receive", "hand_over", "accept"]
    assert [i["actor"] for i in items] == [{"role": "talent"}, {"role": "centre"}, {"role": "centre"},
                                           {"role": "department", "department": "public-security"}]
    told = str(items)
    for person in ("lin", "zhou"):
        assert person not in told, "a person's name goes down to a terminal"
    assert items[0]["due"] is None and items[1]["limit"] == {"n": 15, "unit": "workday"}
    assert items[1]["due"] == items[3]["due"] and re.match(r"\d{4}-\d\d-\d\d$", items[1]["due"])


@tap.test("a pre-check is neither granted nor refused here: it ends, naming where it went on")
def _():
    lin = signed_in("lin")
    act(lin, precheck, "receive")
    act(lin, precheck, "accept")
    assert act(lin, precheck, "decide_on_spot", outcome="granted").status == 400
    assert act(lin, precheck, "decide_on_spot", outcome="ended").status == 400
    assert act(lin, precheck, "decide_on_spot", outcome="ended", external_ref="国家系统 0001").status == 303
    assert state(precheck) == "decided"


@tap.test("two who act on one page: the second is told, and nothing is done twice")
def _():
    case = kiosk.submit()
    first, second = signed_in("lin"), signed_in("lin")
    version = city.rows("SELECT version FROM case_file WHERE number=?", case.number)[0][0]
    assert act(first, case, "receive", version).status == 303
    late = act(second, case, "receive", version)
    assert late.status == 409 and "已有变动" in text(late)
    assert len([e for e in city.rows("SELECT type FROM event e JOIN case_file USING (case_id) WHERE number=?", case.number)
                if e[0] == "receive"]) == 1
    act(first, case, "accept")
    act(first, case, "claim")
    version = city.rows("SELECT version FROM case_file WHERE number=?", case.number)[0][0]
    assert act(first, case, "hand_to_b", version).status == 303
    assert act(second, case, "hand_to_b", version).status == 409, "the state permits it, but the page was of before"
    case = kiosk.submit()
    act(first, case, "receive")
    kept = act(first, case, "refuse_acceptance", reason="理由在此", basis="")
    assert kept.status == 400 and "理由在此" in text(kept), "what was typed stands there again"


@tap.test("reading is recorded before anything is opened; what was written is escaped; documents cannot run")
def _():
    lin = signed_in("lin")
    page = f"/cases/{direct.number}"
    reads = "SELECT body, actor FROM event e JOIN case_file USING (case_id) WHERE number=? AND type='read'"
    assert "王示例" not in text(lin.get(page)) and "打开卷宗" in text(lin.get(page))
    assert lin.get(page + "/document/0/0").status == 403
    assert lin.post(page + "/open", page, {"why": "好奇"}).status == 400 and city.rows(reads, direct.number) == []
    assert lin.post(page + "/open", page, {"why": "收件核对"}).status == 303
    body, actor = city.rows(reads, direct.number)[0]
    assert "收件核对" in body and '"lin"' in actor
    shown = text(lin.get(page))
    assert "王示例" in shown and "示例有限公司" in shown
    assert HOSTILE not in shown and html.escape(HOSTILE, quote=False)[:20] in shown.replace("&#39;", "'")
    assert "<script>alert" not in shown
    picture = lin.get(page + "/document/0/0")
    assert picture.body == PAGE and picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Content-Disposition"].startswith("inline")
    drawing = lin.get(page + "/document/0/2")
    assert "sandbox" in drawing.headers["Content-Security-Policy"] and "script" not in drawing.headers["Content-Security-Policy"]
    paper = lin.get(page + "/document/0/1")
    assert paper.headers["Content-Disposition"].startswith("attachment") and paper.body == b"%PDF-1.4 synthetic"
    assert lin.get(page + "/document/0/9").status == 404 and lin.get(page + "/document/../../x").status == 404
    assert signed_in("lin").get(page + "/document/0/0").status == 403, "another session has recorded nothing"


@tap.test("signing out, a disabled user and a restart end a session")
def _():
    lin = signed_in("lin")
    cookie = lin.cookie
    assert lin.post("/sign-out", "/cases", {}).status == 303
    lin.cookie = cookie
    assert lin.get("/cases").status == 303
    far = signed_in("far")
    city.run("user", "disable", "far")
    assert far.get("/cases").status == 303 and far.sign_in("far").status == 403
    lin = signed_in("lin")
    city.stop()
    city.start()
    assert lin.get("/cases").status == 303
    assert city.rows("SELECT count(*) FROM audit WHERE action='signed-in'")[0][0] > 5
    assert "good:" in city.run("check").stdout


@tap.test("alarms stand on the devices' page until somebody has looked")
def _():
    device = city.enrol("kiosk", "HH")
    device.send([device.entry("heartbeat")])
    device.seq, device.prev = 0, "0" * 64
    device.send([device.entry("audit")])
    lin = signed_in("lin")
    page = text(lin.get("/devices"))
    assert "日志分叉" in page and "已隔离" in page and kiosk.name in page
    number = re.search(r'name=id value="(\d+)"', page).group(1)
    assert lin.post("/devices/seen", "/devices", {"id": number}).status == 303
    assert "没有未看的告警" in text(lin.get("/devices"))


@tap.test("what nobody received by the end of the next working day is an alarm, once, and stands out in the list")
def _():
    waits = kiosk.submit()
    alarms = "SELECT count(*) FROM alarm WHERE kind='unreceived' AND text=?"
    for offset, count in ((0, 0), (0, 0), (12 * 86400, 1), (13 * 86400, 1)):
        city.stop()
        city.start({"ONESTOP_CLOCK_OFFSET": str(offset)})
        assert city.rows(alarms, waits.number) == [(count,)], offset
    lin = signed_in("lin")
    assert "逾期未收件" in text(lin.get("/cases?queue=submitted")) and "逾期未收件" in text(lin.get("/devices"))
    city.stop()
    city.start()


@tap.test("health and counters answer without signing in, and tell nothing of anybody")
def _():
    browser = Browser(city)
    assert browser.get("/healthz").body == b"ok\n"
    counters = text(browser.get("/metrics"))
    assert 'onestop_cases{state="decided"} 1' in counters and "onestop_backup_age_seconds -1" in counters
    assert direct.number not in counters and "王" not in counters


@tap.test("the log holds no personal data, and the server stops in an orderly way")
def _():
    log = city.read_log()
    for word in ("王示例", "示例有限公司", "320505199002280013", PASSPHRASE, "理由在此"):
        assert word not in log, word
    assert city.stop(signal.SIGTERM) == 0


try:
    tap.main()
finally:
    city.stop(signal.SIGKILL)
    city.temporary.cleanup()
