"""Independent descriptions of Telegram and Stripe, against which every call is held."""

import sys

# A grammar of addresses that jsonschema reads at import if it finds it: seconds in each process, for no check of ours.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not there
