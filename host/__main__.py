"""Entry point of the zipapp."""

import sys

from hardened_asterisk_host.command_line import main

sys.exit(main(sys.argv[1:]))
