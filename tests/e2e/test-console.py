#!/usr/bin/python3
"""The console in a real browser: the four acts, a file opened on record, by keys alone, at twice the size."""
import io

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import city_kit
import tap
from console_browser import Clerk


def page():
    raw = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(raw, "JPEG")
    return raw.getvalue()


SVG = (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 160"><script>document.title="ran"</script>'
       b'<path d="M20 100 C60 20 100 140 140 60" fill="none" stroke="black" stroke-width="5"/></svg>')
city = city_kit.City()
city.start()
kiosk = city.enrol("kiosk")
DOCUMENTS = [("passport", page(), "image/jpeg"), ("contract", b"%PDF-1.4 synthetic", "application/pdf"), ("signature", SVG, "image/svg+xml")]
case = kiosk.submit({"employer": "示例科技（苏州）有限公司"}, DOCUMENTS, service="overseas-talent-certificate")
other = kiosk.submit({}, DOCUMENTS)
city.user("lin", "centre", display="林示例")
city.user("chen", "department", department="hr-bureau", display="陈示例")
clerk = Clerk(f"https://127.0.0.1:{city.console_port}")


def department():
    """The one that the page offers first for this service."""
    from selenium.webdriver.support.ui import Select
    return Select(clerk.find("select[name=department]")).first_selected_option.get_attribute("value")


@tap.test("the central office signs in, sees the case arrive, receives it and hands it over")
def _():
    clerk.sign_in("lin", city_kit.PASSPHRASE)
    assert case.number in clerk.text() and "待收件" in clerk.text()
    clerk.open_case(case.number)
    clerk.act("receive", remark="原件待核")
    assert "已记录：收件" in clerk.text() and "已收件" in clerk.text()
    global unit
    unit = department()
    assert unit, "the service's own department is chosen already"
    clerk.act("hand_over")
    assert "已代收并转交" in clerk.text()


@tap.test("a file opens after its reading is recorded; pictures show, nothing in a document runs, the browser has no complaint")
def _():
    clerk.open_case(case.number)
    assert "王示例" not in clerk.text()
    clerk.open_file()
    assert "王示例" in clerk.text() and "示例科技（苏州）有限公司" in clerk.text()
    assert clerk.images_shown() == 2
    assert clerk.driver.title != "ran"
    clerk.go(f"/cases/{case.number}/document/0/2")
    assert clerk.driver.title != "ran", "a drawing ran its script"
    complaints = [c for c in clerk.complaints() if "document/0/2" not in c]
    assert complaints == [], complaints


@tap.test("the department accepts it; the kiosk's feed has 收件 and 受理 with their days")
def _():
    city.user("unit", "department", department=unit, display="周示例")
    with Clerk(clerk.base) as second:
        second.sign_in("unit", city_kit.PASSPHRASE)
        second.open_case(case.number)
        second.act("accept")
        assert "已受理" in second.text()
    items = [i for i in kiosk.feed().json["items"] if i.get("number") == case.number]
    assert [i["state"] for i in items] == ["submitted", "received", "handed_over", "accepted"]
    assert all(i["at"].endswith("Z") for i in items) and items[-1]["due"]


@tap.test("by keys alone: from the list to a received case")
def _():
    clerk.go("/cases?queue=submitted")
    for _ in range(40):
        ActionChains(clerk.driver).send_keys(Keys.TAB).perform()
        if clerk.driver.switch_to.active_element.text == other.number:
            break
    clerk.driver.switch_to.active_element.send_keys(Keys.ENTER)
    clerk.wait(".case")
    for _ in range(60):
        ActionChains(clerk.driver).send_keys(Keys.TAB).perform()
        if clerk.driver.switch_to.active_element.get_attribute("value") == "receive":
            break
    clerk.driver.switch_to.active_element.send_keys(Keys.ENTER)
    clerk.wait(".flash")
    assert city.rows("SELECT state FROM case_file WHERE number=?", other.number) == [("received",)]


@tap.test("at twice the size and on a phone nothing is cut off sideways; every control has a name")
def _():
    for width in (720, 390):
        clerk.driver.set_window_size(width, 900)
        for path in ("/cases?queue=all", f"/cases/{other.number}", "/devices"):
            clerk.go(path)
            over = clerk.driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, (width, path, over)
    clerk.driver.set_window_size(1440, 1000)
    clerk.open_case(other.number)
    unnamed = clerk.driver.execute_script(
        "return [...document.querySelectorAll('input:not([type=hidden]),select,textarea,button')]"
        ".filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.ariaLabel).map(e => e.outerHTML)")
    assert unnamed == [], unnamed


@tap.test("words that were typed and not sent are not lost without a question")
def _():
    clerk.open_case(other.number)
    # The driver answers the browser's question by itself, so it is asked whether there would be one.
    asks = "return !window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert not clerk.driver.execute_script(asks)
    clerk.find("details.act[open] input[name=remark]").send_keys("半句话")
    assert clerk.driver.execute_script(asks)


try:
    tap.main()
finally:
    clerk.driver.quit()
    city.stop()
    city.temporary.cleanup()
