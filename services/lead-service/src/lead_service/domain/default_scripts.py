"""The scripts that ship with the product. A dealer writes over them, retires them, and adds its own."""

from uuid import UUID, uuid5

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.script import Content, Occasion, Script, Tags, Texts
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

_LIBRARY = UUID("0199d3a0-0000-7000-8000-0000000005c1")


def _script(title: str, content: Content, tags: Tags, zh_cn: str, en: str, *, weight: int = 0) -> Script:
    return Script(uuid5(_LIBRARY, title), 0, title, content, tags, Texts(zh_cn, en), weight)


DEFAULT_SCRIPTS = (
    _script(
        "首次响应 · First answer",
        Content.GREETING,
        Tags(occasions=(Occasion.UNANSWERED,)),
        "{name}您好，感谢关注{car}。我是您的专属顾问，您主要想了解配置、价格，还是先约个时间看车？",
        "Hello {name}, thank you for your interest in {car}. I am your advisor. Would you like to hear about equipment "
        "or price, or shall we find a time to see the car?",
        weight=10,
    ),
    _script(
        "展厅接待 · Showroom reception",
        Content.GREETING,
        Tags(occasions=(Occasion.UNANSWERED,), channels=(Channel.SHOWROOM,)),
        "{name}您好，欢迎光临。您先坐，喝点什么？今天主要想看{car}，还是也比较一下其他车型？",
        "Welcome, {name}. Please have a seat, may I offer you a drink? Is it {car} you came for, or shall we compare a "
        "few models?",
    ),
    _script(
        "直播来客 · From the live stream",
        Content.GREETING,
        Tags(occasions=(Occasion.UNANSWERED,), channels=(Channel.DOUYIN, Channel.XIAOHONGSHU)),
        "{name}您好，您刚才在直播间留言咨询{car}，直播间的权益我先给您留着。您方便看一下报价单吗？",
        "Hello {name}, you asked about {car} in our live stream, and I am keeping that offer for you. May I send you "
        "the quote?",
    ),
    _script(
        "老客户推荐 · Sent by a friend",
        Content.GREETING,
        Tags(occasions=(Occasion.UNANSWERED,), channels=(Channel.REFERRAL,)),
        "{name}您好，您的朋友向我们推荐了您，朋友推荐的专属礼遇已经为您登记。{car}您更看重哪一点？",
        "Hello {name}, a friend of yours recommended us to you, and the welcome gift is in your name already. What "
        "matters most to you about {car}?",
    ),
    _script(
        "老客回归 · Welcome back",
        Content.GREETING,
        Tags(occasions=(Occasion.UNANSWERED,), reasons=tuple(DefeatReason)),
        "{name}您好，很高兴您再次联系我们。上次的情况我都记着，这次我们直接从您最在意的地方谈起。",
        "Hello {name}, it is good to hear from you again. I have our last talk at hand, so let us begin with what "
        "mattered most to you.",
        weight=20,
    ),
    _script(
        "需求了解 · What is needed",
        Content.NEEDS,
        Tags(stages=(Stage.NEW, Stage.CONTACTED)),
        "{name}您好，为了给您推荐更合适的{car}，想请教一下：平时主要是谁开、市区还是长途多、预算大概在什么范围？",
        "Hello {name}, to find the right {car} for you: who will drive it most, in town or over long distances, and "
        "what would you like to spend?",
    ),
    _script(
        "竞品对比报告 · Comparison report",
        Content.COMPARISON_REPORT,
        Tags(occasions=(Occasion.DUE, Occasion.OVERDUE), decision_styles=(DecisionStyle.CAUTIOUS,)),
        "{name}您好，我整理了{car}与同级三款车的对比：配置、五年用车成本和保值率，一页看完。您看完有哪一项想细聊？",
        "Hello {name}, I put {car} beside three of its rivals for you: equipment, five years' running cost and resale "
        "value, on one page. Which of these shall we go through?",
        weight=50,
    ),
    _script(
        "现车到店 · In stock now",
        Content.STOCK,
        Tags(occasions=(Occasion.DUE, Occasion.OVERDUE), decision_styles=(DecisionStyle.DECISIVE,)),
        "{name}您好，{car}店里现在有现车，颜色配置都是您要的，今天定这周就能提。我先给您留到明天中午？",
        "Hello {name}, {car} is here in the colour and trim you want; order today and drive it this week. Shall I keep "
        "it for you until noon tomorrow?",
        weight=40,
    ),
    _script(
        "限时优惠 · Limited-time offer",
        Content.LIMITED_OFFER,
        Tags(
            occasions=(Occasion.DUE, Occasion.OVERDUE),
            stages=(Stage.TEST_DRIVEN, Stage.NEGOTIATING),
            decision_styles=(DecisionStyle.DECISIVE,),
        ),
        "{name}您好，{car}这个周末的限时权益名额不多，我给您申请了一个。您今天定下来，价格和礼包我都给您写进合同。",
        "Hello {name}, few of this weekend's offers for {car} are left and I asked for one for you. Decide today, and "
        "price and extras are in the contract.",
        weight=50,
    ),
    _script(
        "邀约试驾 · Test drive invitation",
        Content.TEST_DRIVE_INVITATION,
        Tags(stages=(Stage.CONTACTED, Stage.APPOINTED), grades=(Grade.H, Grade.A, Grade.B)),
        "{name}您好，{car}好不好开，试一次就知道。周六上午和周日下午我都给您留了试驾车，您哪个时间方便？",
        "Hello {name}, one drive tells more about {car} than any brochure. I have a car for you on Saturday morning "
        "and on Sunday afternoon. Which suits you?",
        weight=10,
    ),
    _script(
        "到店后跟进 · After the visit",
        Content.QUOTE,
        Tags(stages=(Stage.VISITED, Stage.TEST_DRIVEN)),
        "{name}您好，感谢您来店看{car}。您当时关心的几点我都核实了，方案和报价单发给您，您看哪一项还要调整？",
        "Hello {name}, thank you for coming to see {car}. I looked into what you asked and am sending you the quote. "
        "What should we change in it?",
        weight=10,
    ),
    _script(
        "临门一脚 · Closing",
        Content.QUOTE,
        Tags(stages=(Stage.NEGOTIATING,), grades=(Grade.H, Grade.A)),
        "{name}您好，{car}的方案我和经理又核了一遍，这是我能给您申请到的最好条件。我们今天把手续定下来，好吗？",
        "Hello {name}, I went over the terms for {car} with my manager once more, and these are the best I can get for "
        "you. Shall we settle the paperwork today?",
        weight=20,
    ),
    _script(
        "逾期致歉 · Sorry for the delay",
        Content.APOLOGY,
        Tags(occasions=(Occasion.OVERDUE,)),
        "{name}您好，之前约好联系您，耽搁了，实在抱歉。{car}您这边有什么新的想法，我现在就为您处理。",
        "Hello {name}, I promised to be in touch and am late, please accept my apologies. Tell me where you stand on "
        "{car} and I will see to it at once.",
        weight=5,
    ),
    _script(
        "价格异议 · Price was the matter",
        Content.OBJECTION,
        Tags(occasions=(Occasion.DUE, Occasion.OVERDUE), reasons=(DefeatReason.PRICE, DefeatReason.FINANCE)),
        "{name}您好，上次您觉得{car}的价格和预算有差距，这次我重新算了置换补贴和低息方案，月供和您预期很接近，发给您看看？",
        "Hello {name}, last time {car} was beyond your budget. With the trade-in bonus and the low-interest plan the "
        "instalments now come close to what you had in mind. May I send you the sum?",
        weight=30,
    ),
    _script(
        "竞品异议 · A rival was the matter",
        Content.OBJECTION,
        Tags(
            occasions=(Occasion.DUE, Occasion.OVERDUE),
            reasons=(DefeatReason.COMPETITOR, DefeatReason.CONFIGURATION, DefeatReason.DELIVERY_TIME),
        ),
        "{name}您好，上次您在比较其他车型，您在意的配置和交车时间，{car}现在都有了新的答案，我逐项给您说明。",
        "Hello {name}, last time you were comparing other models. On equipment and delivery {car} has new answers now; "
        "may I take you through them?",
        weight=30,
    ),
    _script(
        "日常关怀 · A friendly word",
        Content.CARE,
        Tags(grades=(Grade.C,)),
        "{name}您好，近期换季，给您发一份用车小贴士。{car}有任何新消息我会第一时间告诉您，不打扰您。",
        "Hello {name}, the season is changing, so here are a few tips for your car. I will let you know as soon as "
        "there is news of {car}.",
        weight=15,
    ),
    _script(
        "常规跟进 · Keeping in touch",
        Content.CARE,
        Tags(),
        "{name}您好，{car}您考虑得怎么样了？有任何问题随时找我。",
        "Hello {name}, how do you feel about {car} by now? I am here for any question.",
    ),
)
