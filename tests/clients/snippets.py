"""Says whether the snippets of docs/clients.md are those of the programs that CI runs; --write makes them so."""
import pathlib
import re
import sys
import textwrap

here = pathlib.Path(__file__).parent
page = here.parent.parent / "docs" / "clients.md"
BLOCK = re.compile(r"(<!-- (\S+) -->\n```\w*\n).*?(```\n)", re.DOTALL)
SNIPPET = re.compile(r"^[^\n]*\bsnippet(?: \*/)?\n(.*?)^[^\n]*\bend(?: \*/)?$", re.DOTALL | re.MULTILINE)


def snippet(block):
    match = SNIPPET.search((here / block[2]).read_text(encoding="utf-8"))
    if match is None:
        raise SystemExit(f"{block[2]} has no snippet")
    return block[1] + textwrap.dedent(match[1]) + block[3]


written = page.read_text(encoding="utf-8")
wanted = BLOCK.sub(snippet, written)
if sys.argv[1:] == ["--write"]:
    page.write_text(wanted, encoding="utf-8")
elif written != wanted:
    raise SystemExit("docs/clients.md shows other snippets than the programs run: tests/clients/snippets.py --write")
