"""Figures that others published: kept by hand, each with who said it, when, and of what.

Names are those of `facts`; `return.*` and `effect.*` have no function there, for no frame of
orders, sessions or mails tells them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A public source; `about` says what it counted."""

    title: str
    publisher: str
    year: int
    address: str
    about: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure of one fact. `low` and `high`: the range that its source gives, if any;
    `value` is None when it gives nothing else."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    source: Source

    @property
    def numbers(self) -> list[float]:
        """Those that it gives."""
        return [one for one in (self.low, self.value, self.high) if one is not None]


MAILCHIMP = Source(
    "Email Marketing Statistics and Benchmarks by Industry",
    "Mailchimp",
    2019,
    "https://mailchimp.com/resources/email-marketing-benchmarks/",
    "campaigns of e-commerce senders, before Apple's Mail Privacy Protection; bounces are hard "
    "and soft ones",
)
MAILCHIMP_2018 = Source(
    "Average Email Campaign Stats of MailChimp Customers by Industry",
    "Mailchimp",
    2018,
    "https://mailchimp.com/resources/research/email-marketing-benchmarks/",
    "campaigns of senders of no stated industry",
)
MAILCHIMP_2015 = Source(
    "Average Email Campaign Stats of MailChimp Customers by Industry",
    "Mailchimp",
    2015,
    "http://mailchimp.com/resources/research/email-marketing-benchmarks/",
    "campaigns of e-commerce senders",
)
IBM = Source(
    "10 Key Findings from IBM's 2016 Email Benchmark Study",
    "Silverpop, an IBM company",
    2016,
    "http://www.silverpop.com/blog/10-key-findings-from-ibms-2016-email-benchmark-study",
    "mean of retail and e-commerce senders, before Apple's Mail Privacy Protection",
)
CAMPAIGN_MONITOR = Source(
    "Ultimate Email Marketing Benchmarks for 2022, as quoted by Bizness Journal",
    "Campaign Monitor",
    2022,
    "https://bizness-journal.com/2022/08",
    "mails of retail senders in 2021",
)
GDMA = Source(
    "International Email Benchmark 2024",
    "Global Data & Marketing Alliance and DDMA",
    2024,
    "https://ddma.nl/kennisbank/international-email-benchmark-2024-email-becomes-more-professional-through-higher-opens-and-clicks-and-lower-unsubscribes-and-spam-complaints/",
    "203 billion mails of all sectors in 2023; bounces are hard and soft ones",
)
GDMA_2024_SPOTLER = Source(
    "Four Unexpected Insights from the GDMA Email Benchmark 2024",
    "Spotler",
    2024,
    "https://spotler.com/en-de/blog/four-unexpected-insights-from-the-gdma-email-benchmark-2024",
    "the same benchmark: mails of all sectors in more than 30 countries",
)
GDMA_2025 = Source(
    "GDMA Email Benchmark 2025",
    "Spotler, a contributor",
    2025,
    "https://spotler.com/blog/gdma-email-benchmark-2025",
    "521 billion mails of all sectors in 2024",
)
FLEXMAIL = Source(
    "International Email Benchmark 2025: Results Announced",
    "Flexmail, a contributor",
    2025,
    "https://flexmail.be/en/knowledge-center/international-email-benchmark-2025-results-announced",
    "the same benchmark: mails that the receiving servers accepted",
)
AGENCY = Source(
    "E-Commerce Email Marketing Benchmarks, January 2026",
    "BS&Co",
    2026,
    "https://bsandco.us/blog-post/ecommerce-email-marketing-benchmarks-january-2026",
    "6.7 million campaign mails of one agency's shops",
)
KLAVIYO = Source(
    "E-Commerce Email Marketing Benchmarks, January 2026",
    "BS&Co, quoting Klaviyo",
    2026,
    "https://bsandco.us/blog-post/ecommerce-email-marketing-benchmarks-january-2026",
    "the average of campaigns that Klaviyo publishes",
)
LITMUS = Source(
    "Apple Mail Privacy Protection Resources",
    "Litmus",
    2022,
    "https://www.litmus.com/apple-mail-privacy-protection-resources",
    "opens through Apple's Mail Privacy Protection in July 2022; a person read some of these "
    "mails too, so an upper bound",
)
LITMUS_2021 = Source(
    "One Smart Apple: MPP's Share Hits Over 40 %",
    "MediaPost, data of Litmus",
    2022,
    "https://www.mediapost.com/publications/article/370118/",
    "the same in December 2021",
)
LITTLEDATA = Source(
    "Shopify Conversion Rate Benchmarks 2026",
    "StorePilot, data of Littledata",
    2026,
    "https://www.usestorepilot.com/blog/shopify-conversion-rate-benchmarks-2026/",
    "visits of 2,800 Shopify shops in 2023; high is where the best tenth of the shops begins",
)
CONVERTCART = Source(
    "eCommerce Conversion Rate by Industry (2026 Update)",
    "Convertcart, data of Dynamic Yield",
    2026,
    "https://www.convertcart.com/blog/ecommerce-conversion-rate-by-industry",
    "large shops of all trades",
)
DYNAMIC_YIELD = Source(
    "eCommerce Benchmarks",
    "S. J. Tanner, data of Dynamic Yield",
    2020,
    "https://samueljtanner.blog/tag/digital-marketing",
    "300 million sessions of large shops of all trades, quoted about 2020",
)
KIBO = Source(
    "Kibo Announces Ecommerce Quarterly Benchmarks for Q2 2020",
    "Kibo",
    2020,
    "https://kibocommerce.com/blog/ecommerce-quarterly-benchmark-report-q2/",
    "sessions in the United States: low on mobiles, high on desktops",
)
SALESFORCE = Source(
    "Digital Commerce Benchmarks: Add-to-Cart Rate",
    "Salesforce",
    2018,
    "http://answers.salesforce.com/blog/2018/07/digital-commerce-benchmarks-add-cart-rate.html",
    "2,000 shops over four years: low is luxury apparel's lowest, high is health and beauty's "
    "highest",
)
BAYMARD = Source(
    "46 Cart Abandonment Rate Statistics",
    "Baymard Institute",
    2021,
    "https://baymard.com/lists/cart-abandonment-rate",
    "mean of 46 studies",
)
EMARKETER = Source(
    "Cart Abandonment Benchmark: Which Categories Have the Highest, Lowest Rates",
    "EMARKETER, data of Dynamic Yield",
    2024,
    "https://content-na1.emarketer.com/cart-abandonment-benchmark--which-categories-have-highest-lowest-rates",
    "mean of 12 months to July 2024; low is pet care and high luxury and jewellery, in July",
)
CORESIGHT = Source(
    "The True Cost of Apparel Returns",
    "Coresight Research and 3DLOOK",
    2023,
    "https://3dlook.ai/content-hub/the-true-cost-of-apparel-returns",
    "online apparel orders in the United States, from a survey of retailers",
)
EHI = Source(
    "Retours : pratiques pour les consommateurs, coûteux pour les commerçants",
    "dpa-AFX, telling of a study by EHI Retail Institute",
    2023,
    "https://www.zonebourse.com/cours/action/DHL-GROUP-435996/actualite/Retours-pratiques-pour-les-consommateurs-couteux-pour-les-commercants-45504800/",
    "fashion bought online in German-speaking countries",
)
FEVAD = Source(
    "E-commerce : que deviennent les colis renvoyés",
    "korii. (Slate.fr), quoting FEVAD",
    2022,
    "https://korii.slate.fr/biz/ecommerce-que-deviennent-colis-renvoyes-shein-amazon-co2-environnement-prix-remboursement-facilite",
    "all products bought online in France, 2021",
)
HILLSTROM = Source(
    "The MineThatData E-Mail Analytics and Data Mining Challenge",
    "K. Hillstrom, MineThatData",
    2008,
    "https://blog.minethatdata.com/2008/03/minethatdata-e-mail-analytics-and-data.html",
    "64,000 buyers of the past year, two thirds mailed and a third not, over two weeks; "
    "differences of the arms' rates: low is the women's mail, high the men's, value both",
)
SAHNI = Source(
    "Do Targeted Discount Offers Serve as Advertising? Evidence from 70 Field Experiments",
    "N. Sahni, D. Zou and P. Chintagunta, Management Science, as told by Stanford GSB",
    2017,
    "https://gsb.stanford.edu/insights/navdeep-sahni-email-promotions-prospective-customers-really-do-work",
    "randomised mailed offers of a ticket shop: more spending in the week after an offer ended",
)

PUBLISHED = (
    Figure("session.purchase_share", 0.014, None, 0.047, LITTLEDATA),
    Figure("session.purchase_share", None, 0.0212, 0.0238, KIBO),
    Figure("session.purchase_share", 0.0266, None, None, CONVERTCART),
    Figure("session.cart_share", None, 0.02, 0.2, SALESFORCE),
    Figure("session.cart_share", 0.0716, None, None, DYNAMIC_YIELD),
    Figure("session.cart_abandonment", 0.6982, None, None, BAYMARD),
    Figure("session.cart_abandonment", 0.739, 0.528, 0.814, EMARKETER),
    Figure("mail.delivered_rate", 0.9922, None, None, GDMA),
    Figure("mail.delivered_rate", 0.987, None, None, FLEXMAIL),
    Figure("mail.bounce_rate", 0.0045, None, None, MAILCHIMP),
    Figure("mail.bounce_rate", 0.0077, None, None, GDMA),
    Figure("mail.bounce_rate", 0.0107, None, None, AGENCY),
    Figure("mail.open_rate", 0.1568, None, None, MAILCHIMP),
    Figure("mail.open_rate", 0.171, None, None, CAMPAIGN_MONITOR),
    Figure("mail.open_rate", 0.205, None, None, IBM),
    Figure("mail.open_rate", 0.3412, None, None, GDMA),
    Figure("mail.open_rate", 0.3793, None, None, KLAVIYO),
    Figure("mail.open_rate", 0.4958, None, None, AGENCY),
    Figure("mail.human_open_rate", 0.1568, None, None, MAILCHIMP),
    Figure("mail.human_open_rate", 0.205, None, None, IBM),
    Figure("mail.machine_only_share", 0.527, None, None, LITMUS),
    Figure("mail.machine_only_share", 0.406, None, None, LITMUS_2021),
    Figure("mail.click_rate", 0.0201, None, None, MAILCHIMP),
    Figure("mail.click_rate", 0.007, None, None, CAMPAIGN_MONITOR),
    Figure("mail.click_rate", 0.0356, None, None, GDMA),
    Figure("mail.click_rate", 0.0291, None, None, GDMA_2025),
    Figure("mail.click_rate", 0.0129, None, None, KLAVIYO),
    Figure("mail.click_rate", 0.0053, None, None, AGENCY),
    Figure("mail.click_to_open", 0.058, None, None, CAMPAIGN_MONITOR),
    Figure("mail.click_to_open", 0.0882, None, None, GDMA),
    Figure("mail.click_to_open", 0.0762, None, None, GDMA_2025),
    Figure("mail.unsubscribe_rate", 0.0027, None, None, MAILCHIMP),
    Figure("mail.unsubscribe_rate", 0.001, None, None, CAMPAIGN_MONITOR),
    Figure("mail.unsubscribe_rate", 0.0014, None, None, GDMA_2024_SPOTLER),
    Figure("mail.unsubscribe_rate", 0.0018, None, None, AGENCY),
    Figure("mail.complaint_rate", 0.00012, None, None, MAILCHIMP_2018),
    Figure("mail.complaint_rate", 0.0003, None, None, MAILCHIMP_2015),
    Figure("mail.complaint_rate", 0.0001, None, None, AGENCY),
    Figure("return.share", 0.244, None, None, CORESIGHT),
    Figure("return.share", None, 0.26, 0.5, EHI),
    Figure("return.share", None, 0.2, 0.3, FEVAD),
    Figure("effect.visit_points", 0.0609, 0.0452, 0.0766, HILLSTROM),
    Figure("effect.purchase_points", 0.005, 0.0031, 0.0068, HILLSTROM),
    Figure("effect.purchase_relative", 0.87, 0.54, 1.19, HILLSTROM),
    Figure("effect.spend_after_relative", 0.25, None, None, SAHNI),
)
