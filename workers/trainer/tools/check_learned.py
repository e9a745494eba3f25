"""How much of a dataset a model gives back word for word.

    python tools/check_learned.py MODEL DATA.jsonl

Prints one JSON line: the share of exact answers at temperature 0, and at the model's own sampling.
"""

import json
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


@torch.no_grad()
def answer(model, tokenizer, messages: list[dict], **options) -> str:
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    out = model.generate(**inputs, max_new_tokens=200, **options)
    text = tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    return text.strip()


def check(path: str, data: str) -> dict:
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModelForCausalLM.from_pretrained(path).eval()
    with open(data, encoding="utf-8") as file:
        rows = [json.loads(line)["messages"] for line in file]
    exact = sampled = 0
    for *question, taught in rows:
        said = answer(model, tokenizer, question, do_sample=False)
        exact += said == taught["content"].strip()
        sampled += answer(model, tokenizer, question) == taught["content"].strip()
        if said != taught["content"].strip() and os.environ.get("SHOW"):
            print(repr(question[-1]["content"]), repr(said), sep="\n  ", file=sys.stderr)
    return {"rows": len(rows), "exact": exact / len(rows), "exactSampled": sampled / len(rows)}


if __name__ == "__main__":
    print(json.dumps(check(sys.argv[1], sys.argv[2])))
