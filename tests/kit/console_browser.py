"""console_browser: a clerk at the city console in a real, headless Chromium.

    with console_browser.Clerk("https://127.0.0.1:8444", pictures="/tmp/pictures") as clerk:
        clerk.sign_in("lin", "her passphrase")
        clerk.open_case("GSA-222223-D")
        clerk.act("receive")                      # any word of the case table that the page offers
        clerk.open_file()                         # records the reading first
        clerk.act("hand_over", department="hr-bureau")

Every step waits for what it leads to and raises if it does not come.
"""
import os

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait


class Clerk:
    def __init__(self, base, pictures=None, size=(1440, 1000)):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--ignore-certificate-errors",
                     "--hide-scrollbars", f"--window-size={size[0]},{size[1]}", "--force-device-scale-factor=1"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.base, self.pictures, self.size = base.rstrip("/"), pictures, size
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def wait(self, selector, seconds=20):
        return WebDriverWait(self.driver, seconds).until(lambda d: d.find_element(By.CSS_SELECTOR, selector))

    def go(self, path):
        self.driver.get(self.base + path)

    def text(self):
        return self.find("main").text

    def press(self, element):
        """Clicks what leads to another page, and waits until this one is gone."""
        page = self.find("html")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

        def gone(_):
            try:
                page.is_enabled()
                return False
            except Exception:
                return True
        WebDriverWait(self.driver, 20).until(gone)
        self.wait("main")

    def sign_in(self, name, passphrase):
        self.go("/sign-in")
        self.find("input[name=name]").send_keys(name)
        self.find("input[name=passphrase]").send_keys(passphrase)
        self.press(self.find("main button"))
        if "/sign-in" in self.driver.current_url:
            raise AssertionError(self.text())

    def open_case(self, number):
        self.go("/cases/" + number)
        if number not in self.text():
            raise AssertionError(self.text())

    def act(self, action, **fields):
        button = self.find(f"form button[name=do][value={action}]")
        form = button.find_element(By.XPATH, "./ancestor::form")
        details = form.find_element(By.XPATH, "./ancestor::details")
        if not details.get_attribute("open"):
            details.find_element(By.TAG_NAME, "summary").click()
        for name, value in fields.items():
            control = form.find_element(By.NAME, name)
            if control.tag_name == "select":
                Select(control).select_by_value(value)
            else:
                control.clear()
                control.send_keys(value)
        self.press(button)
        if "done=" + action not in self.driver.current_url:
            raise AssertionError(self.text())

    def open_file(self, why="收件核对"):
        Select(self.find(".open select")).select_by_visible_text(why)
        self.press(self.find(".open button"))
        return self.wait("#file .answers")

    def images_shown(self):
        """How many pictures of documents the page shows, all of them decoded."""
        pictures = self.driver.find_elements(By.CSS_SELECTOR, ".documents img")
        for picture in pictures:
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", picture)
            WebDriverWait(self.driver, 20).until(lambda d, p=picture: d.execute_script(
                "return arguments[0].complete && arguments[0].naturalWidth > 0", p))
        return len(pictures)

    def complaints(self):
        """What the browser itself complained of (scripts and styles that the policy stopped, files that failed)."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]

    def picture(self, name):
        """The whole page as a PNG in the folder of pictures."""
        if self.pictures is None:
            return None
        os.makedirs(self.pictures, exist_ok=True)
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        self.driver.set_window_size(self.size[0], max(self.size[1], height + 140))
        path = os.path.join(self.pictures, name + ".png")
        self.driver.save_screenshot(path)
        self.driver.set_window_size(*self.size)
        return path
