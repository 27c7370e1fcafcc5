"""The demo, as a command: python -m minigrad. What it shows is in demo/."""

import sys

from minigrad.demo import main

if __name__ == "__main__":
    sys.exit(main())
