"""What people do without tq: the five longest silences between calls, and which threads left a CPU in them."""
import sys

calls = [tuple(map(int, line.split())) for line in open(sys.argv[1])]
gaps = sorted(((b[1] - a[1], b[0], a[1], b[1]) for a, b in zip(calls, calls[1:])), reverse=True)[:5]
on_cpu, since = {}, {}
for line in open(sys.argv[2]):
    cpu, ts, tid = map(int, line.split())
    began = since.get(cpu)
    since[cpu] = ts
    if began is None:
        continue
    for _, num, start, end in gaps:
        length = min(ts, end) - max(began, start)
        if length > 0:
            on_cpu[num, tid] = on_cpu.get((num, tid), 0) + length
for (num, tid), length in sorted(on_cpu.items()):
    print(num, tid, length)
