"""Sums the lines of a decoder's files in a Cobertura report: coverage.py TARGET REPORT FILE_OR_FOLDER..."""
import os
import sys
import xml.etree.ElementTree as ElementTree

GOAL_PERCENT = 85

target, report, *decoder = sys.argv[1:]
root = ElementTree.parse(report).getroot()
sources = [source.text or '' for source in root.iter('source')]


def path_under_src(filename):
    """The report names files from the folder that all have in common."""
    path = filename if os.path.isabs(filename) else os.path.join(sources[0], filename)
    return path.rsplit('/src/', 1)[-1]


reached = {}
for cls in root.iter('class'):
    path = path_under_src(cls.get('filename'))
    if any(path == part or (part.endswith('/') and path.startswith(part)) for part in decoder):
        for line in cls.iter('line'):
            key = (path, int(line.get('number')))
            reached[key] = reached.get(key, False) or int(line.get('hits')) > 0

count = sum(reached.values())
percent = 100 * count / max(len(reached), 1)
print(f'{target}\t{count}\t{len(reached)}\t{percent:.1f} %', flush=True)
if os.environ.get('MISSED'):
    for path, number in sorted(key for key, hit in reached.items() if not hit):
        print(f'  {path}:{number}')
sys.exit(0 if percent >= GOAL_PERCENT else 1)
