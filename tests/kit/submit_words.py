"""submit_words: the words of an `onestop case submit` whose papers and answers stand in tests/data/submit."""
import os

SAMPLES = os.environ["ONESTOP_SOURCE"] + "/tests/data/submit"
FILES = {"identity": "identity.jpg", "employment": "employment.pdf", "photo": "photo.jpg", "equal-proof": "equal-proof.png"}


def words():
    said = ["case", "submit", "--service", "gusu-talent-card", "--notice", "privacy-talent-card"]
    for name in ("answers", "applicant", "on-behalf"):
        said += [f"--{name}", f"{SAMPLES}/{name}.json"]
    for slot, name in FILES.items():
        said += ["--document", f"{slot}={SAMPLES}/{name}"]
    return said + ["--consent", "truth=yes", "--consent", "purpose=yes", "--signature", SAMPLES + "/signature.svg"]
