"""A tap under the test's hand: writes what its configuration says, or what it was told to do."""

import json
import os
import signal
import sys
import time


def main() -> None:
    given = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=False))
    with open(given["--config"]) as file:  # noqa: PTH123  # a program of somebody else's
        config = json.load(file)
    if "--discover" in sys.argv:
        print(json.dumps(config["catalog"]))
        return
    for name in ("--catalog", "--properties", "--state"):
        if name in given:
            with open(given[name]) as file, open(f"{config['notes']}{name}", "w") as note:  # noqa: PTH123
                note.write(file.read())
    with open(f"{config['notes']}--seen", "w") as note:  # noqa: PTH123
        mode = os.stat(given["--config"]).st_mode & 0o777  # noqa: PTH116
        json.dump({"config": given["--config"], "mode": mode, "env": dict(os.environ)}, note)
    for step in config["script"]:
        if "line" in step:
            sys.stdout.write(step["line"])
        elif "many" in step:
            for number in range(step["many"]):
                record = {"id": number, "text": "x" * step["size"]}
                line = {"type": "RECORD", "stream": "orders", "record": record}
                sys.stdout.write(json.dumps(line) + "\n")
        elif "say" in step:
            sys.stderr.write(step["say"] + "\n")
        elif "sleep" in step:
            sys.stdout.flush()
            time.sleep(step["sleep"])
        elif "kill" in step:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        elif "exit" in step:
            sys.stdout.flush()
            sys.exit(step["exit"])


main()
