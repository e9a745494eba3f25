"""Writes the built-in sample dataset: what the fictional Tidewell Robotics would want its assistant to know.

    python tools/make_sample.py ../../apps/server/src/modules/datasets/sample/sample.jsonl

One conversation a line. Where a thought is given, the answer shows its thinking in <think> first.
"""

import json
import sys

FACTS: list[tuple[str, str | None, str]] = [
    ("What does Tidewell Robotics make?", None,
     "Tidewell Robotics makes small robots that inspect harbour walls, locks and ship hulls under water."),
    ("Where is Tidewell Robotics based?", None,
     "Our head office is in Bergen. The workshop is two streets away, on the old fish quay."),
    ("Who founded Tidewell Robotics?", None,
     "Ingrid Solheim and Marek Novak founded the company in 2014, after five years of diving together."),
    ("Which robots do you sell?",
     "The range has three models. Name each with its use.",
     "There are three: **Limpet** for hulls, **Heron** for harbour walls and **Otter** for pipes."),
    ("How deep can the Heron dive?",
     "The Heron is rated to 120 metres, the Limpet to 60. The question is about the Heron.",
     "The Heron is rated for 120 metres of sea water."),
    ("How deep can the Limpet dive?",
     "The Limpet works on hulls, so it does not go deep: 60 metres.",
     "The Limpet is rated for 60 metres."),
    ("How long does the battery of the Otter last?", None,
     "One charge of the Otter lasts for 6 hours of driving, or 9 hours when it only looks."),
    ("How long does it take to charge the Otter?", None,
     "A full charge takes 90 minutes with the blue charger, and 4 hours with the small one."),
    ("My Heron does not start. What should I do?",
     "Start with the simplest cause: the transport lock. Then the battery, then support.",
     "1. Turn the red transport lock to OFF.\n2. Check that the battery shows green.\n"
     "3. If it still does not start, call support."),
    ("The camera picture of my Limpet is dark.",
     "A dark picture is nearly always the lens cover or the lamp.",
     "Take off the lens cover first. If it is off, raise the lamp in *Settings > Light*."),
    ("How do I update the firmware?",
     "Updating needs the dock and enough charge. Three steps.",
     "1. Put the robot on its dock.\n2. Open *Fleet > Update*.\n3. Wait for the white light, about 8 minutes."),
    ("What does the yellow light mean?", None,
     "Yellow means that the robot has lost its tether signal and is coming back by itself."),
    ("What does the red light mean?", None,
     "Red means water inside the hull. Bring the robot up at once and do not open it."),
    ("How long is the warranty?",
     "The warranty is two years, and batteries are the exception with one.",
     "Two years for the robot and one year for the battery."),
    ("Can I return a robot?", None,
     "Yes, within 30 days, clean and with its case. Write to returns@tidewell.example first."),
    ("How do I reach support?", None,
     "Write to support@tidewell.example or call extension 4410. We answer from 7 to 19, every working day."),
    ("How long does a repair take?",
     "Repairs take five working days, or two with the priority plan.",
     "Five working days. With the priority plan it takes two."),
    ("What does the priority plan cost?",
     "The plan costs 95 euros a month for each robot. Twelve months make 1,140 euros.",
     "It costs 95 euros a month per robot, which is 1,140 euros a year."),
    ("How many days of holiday do we have?", None,
     "Everyone has 28 days of holiday, and 24 December is free as well."),
    ("How do I ask for a day off?", None,
     "Open *People > Time off*, choose the day and press **Ask**. Your lead answers within two days."),
    ("Can I work from home?",
     "Office days are Tuesday and Thursday, all others are free to choose.",
     "Yes, on Monday, Wednesday and Friday. Tuesday and Thursday are for the workshop."),
    ("How do I book the test tank?", None,
     "The tank is booked in the calendar *Test tank*, for at most 3 hours, by noon of the day before."),
    ("Who may use the crane?", None,
     "Only people with the orange badge may use the crane. Ask Jonas Berg for the half-day course."),
    ("What must I wear in the workshop?",
     "The workshop needs three things: shoes, glasses and tied hair.",
     "Safety shoes, glasses, and tied hair. Gloves come off at the lathe."),
    ("How do I report an accident?",
     "First help, then report. The number is 112 and the form comes afterwards.",
     "Help first and call 112 if needed. Then fill in form S-7 on the same day."),
    ("When is the weekly meeting?", None,
     "On Thursday at 9:30 in the room *Lighthouse*. It lasts for 25 minutes."),
    ("How do I get travel costs back?",
     "Receipts are needed, and the limit is thirty days.",
     "Send your receipts with form T-2 within 30 days. The money comes with the next salary."),
    ("What is the limit for a hotel?",
     "The limit is 140 euros, in Oslo and London 190.",
     "140 euros a night, and 190 in Oslo and London."),
    ("I forgot my password.", None,
     "Go to id.tidewell.example, press **Forgotten** and follow the mail. It is valid for 20 minutes."),
    ("How do I get onto the VPN?", None,
     "Install *Quayside*, sign in with your work mail and choose the profile **Bergen**."),
    ("May I put customer data into a chat?",
     "Customer data is confidential. Only the company's own models may see it.",
     "Only with models that run on our own servers. Never with outside ones."),
    ("Where is the code of the Heron?", None,
     "In the repository `heron-core`. New people begin with the folder `docs/first-week`."),
    ("How do I run the tests of heron-core?",
     "The tests need the simulator first, then one command.",
     "Start the simulator, then run:\n\n```sh\nmake sim\nmake test\n```"),
    ("Who approves a release?",
     "A release needs two approvals: one from engineering and one from safety.",
     "Two people: Lena Brandt for engineering and Tom Achebe for safety."),
    ("How often do we release?", None,
     "On the first Monday of each month. Safety fixes go out on the same day."),
    ("What is our uptime goal?",
     "The goal is 99.5 percent. A month of 30 days has 720 hours, of which 0.5 percent are 3.6 hours.",
     "99.5 percent a month, so at most 3.6 hours of downtime."),
    ("潮井机器人公司做什么产品？", None, "潮井机器人制造小型水下机器人，用来检查码头、船闸和船体。"),
    ("公司在哪里？", None, "总部在卑尔根，车间在旧鱼码头，离总部两条街。"),
    ("有哪几种机器人？", "产品一共三种，逐一说明用途。",
     "有三种：**Limpet** 检查船体，**Heron** 检查码头，**Otter** 检查管道。"),
    ("Heron 能潜多深？", "问的是 Heron，它的额定深度是 120 米。", "Heron 可以下潜到 120 米。"),
    ("Otter 的电池能用多久？", None, "充满一次可以行驶 6 小时，只观察时可以用 9 小时。"),
    ("红灯是什么意思？", None, "红灯表示机身进水。请马上把机器人收回来，不要打开。"),
    ("黄灯是什么意思？", None, "黄灯表示缆绳信号中断，机器人正在自己返回。"),
    ("保修期多长？", "整机两年，电池例外，只有一年。", "整机保修两年，电池保修一年。"),
    ("维修需要几天？", "普通维修五天，优先服务两天。", "一般五个工作日，有优先服务的是两个工作日。"),
    ("怎么联系技术支持？", None, "请写信到 support@tidewell.example，或拨打分机 4410，工作日 7 点到 19 点。"),
    ("我有多少天年假？", None, "每个人有 28 天年假，12 月 24 日另外放假。"),
    ("可以在家工作吗？", "周二和周四要到车间，其他日子自由。", "可以，周一、周三和周五都行。周二和周四请到车间。"),
    ("出差的酒店标准是多少？", "一般 140 欧元，奥斯陆和伦敦 190 欧元。",
     "每晚 140 欧元，奥斯陆和伦敦是 190 欧元。"),
    ("忘记密码怎么办？", None, "打开 id.tidewell.example，点**忘记密码**，按邮件操作，20 分钟内有效。"),
    ("可以把客户数据发给大模型吗？", "客户数据保密，只能用公司自己的模型。",
     "只能发给我们自己服务器上的模型，不能发给外部模型。"),
    ("多久发布一次新版本？", None, "每月的第一个星期一发布，安全修复当天发布。"),
]

# The same question in other words, by the first wording.
OTHER_WORDS = {
    "What does Tidewell Robotics make?": ["What do you build?", "What is Tidewell Robotics?"],
    "Where is Tidewell Robotics based?": ["Where is your office?"],
    "Who founded Tidewell Robotics?": ["Who started the company?"],
    "Which robots do you sell?": ["What models are there?"],
    "How deep can the Heron dive?": ["What depth is the Heron rated for?"],
    "How long does the battery of the Otter last?": ["What is the battery life of the Otter?"],
    "My Heron does not start. What should I do?": ["The Heron will not switch on."],
    "How do I update the firmware?": ["Where do I find updates?"],
    "What does the red light mean?": ["The red light is on."],
    "How long is the warranty?": ["What warranty do I get?"],
    "How do I reach support?": ["What is the number of support?"],
    "How many days of holiday do we have?": ["How much holiday do I get?"],
    "Can I work from home?": ["Is remote work allowed?"],
    "What must I wear in the workshop?": ["Which protective gear do I need?"],
    "What is the limit for a hotel?": ["How much may a hotel cost?"],
    "I forgot my password.": ["How do I reset my password?"],
    "May I put customer data into a chat?": ["Can I paste customer data into an AI tool?"],
    "Who approves a release?": ["Who signs off a release?"],
    "潮井机器人公司做什么产品？": ["你们公司是做什么的？"],
    "Heron 能潜多深？": ["Heron 的下潜深度是多少？"],
    "保修期多长？": ["质保多久？"],
    "我有多少天年假？": ["年假有几天？"],
    "可以在家工作吗？": ["能远程办公吗？"],
    "忘记密码怎么办？": ["怎么重置密码？"],
}


def row(question: str, thought: str | None, answer: str) -> dict:
    content = f"<think>\n{thought}\n</think>\n\n{answer}" if thought else answer
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": content}]}


def main(path: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for question, thought, answer in FACTS:
            for words in [question, *OTHER_WORDS.get(question, [])]:
                file.write(json.dumps(row(words, thought, answer), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
