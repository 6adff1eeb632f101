"""Runs a notebook from top to bottom with nbclient and writes it with its outputs, those of a failed run too.

Standard input: {"input", "output", "root", "timeout"} (JSON; seconds a cell). Standard output, a JSON line each: what
is done ({"cell", "of", "seconds"}) and, when the run broke off, why ({"ename", "evalue"}).
"""

import json
import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def tell(**message):
    print(json.dumps(message), flush=True)


def main():
    task = json.load(sys.stdin)
    notebook = nbformat.read(task["input"], as_version=4)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code_cells:
        cell.outputs, cell.execution_count = [], None
    started = time.monotonic()

    place = {id(cell): number for number, cell in enumerate(code_cells, start=1)}

    def after_cell(cell, **_):
        if id(cell) in place:
            tell(cell=place[id(cell)], of=len(code_cells), seconds=round(time.monotonic() - started, 3))

    client = NotebookClient(
        notebook,
        kernel_name="tslab",
        timeout=task["timeout"],
        interrupt_on_timeout=False,
        record_timing=False,
        resources={"metadata": {"path": task["root"]}},
        on_cell_complete=after_cell,
    )
    try:
        client.execute()
    except CellExecutionError:
        pass  # the notebook holds it
    except (CellTimeoutError, DeadKernelError) as error:
        tell(ename=type(error).__name__, evalue=str(error).strip().splitlines()[0])
    finally:
        temporary = f"{task['output']}.{os.getpid()}.tmp"
        nbformat.write(notebook, temporary)
        os.replace(temporary, task["output"])


main()
