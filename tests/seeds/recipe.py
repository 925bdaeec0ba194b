"""What is planted for which check. A recipe is a function of a random generator and a host; it is called with many seeds, and each time plants
the same kind of thing in another way: other names, places, spellings, languages. It must not know the patterns of the check."""
import random
import string
from collections import namedtuple

Recipe = namedtuple("Recipe", "kinds plant unlike light")
recipes = {}  # check -> [Recipe]

WORDS = ("alpha binder cache delta engine fetch gateway helper index joiner kernel loader mapper notes order parser query runner "
         "sender tools update vector worker zipper").split()
# Names that nobody has registered for others; RFC 2606 keeps example.* out of use, and checks know that, hence these.
HOSTS = ("quorvane-metrics.net", "data.brelsworth.io", "cdn-hollowmere.com", "api.tindraxel.org", "up.vossengard.dev", "static.pellucar.info")


# What is of one of these may do whatever its users have it do.
GENERAL = "shell interpreter language kernel desktop framework container test tests testing debugger automation virtualization"


def plants(check, *kinds, unlike="", light=False):
    """A recipe for the check, in hosts of these kinds ("npm", "deb", "tree"). unlike: words; a product that says one of them of itself is
    no host, since what is planted would be its purpose; nor is what may do anything (GENERAL). light: what the row
    finds weighs nothing or little (of severity info, in documents), and counts here all the same."""
    def add(function):
        words = frozenset(f"{unlike} {GENERAL}".split()) if unlike else frozenset()
        recipes.setdefault(check, []).append(Recipe(kinds or ("npm",), function, words, light))
        return function
    return add


class Random(random.Random):
    def word(self):
        return self.choice(WORDS)

    def name(self):
        return self.word() + self.choice("-_") + self.word()

    def host(self):
        return self.choice(HOSTS)

    def address(self):
        return f"{self.choice((45, 91, 146, 185, 194))}.{self.randint(1, 254)}.{self.randint(1, 254)}.{self.randint(1, 254)}"

    def letters(self, n, of=string.ascii_letters + string.digits):
        return "".join(self.choice(of) for _ in range(n))

    def quote(self, text):
        """A string literal of JavaScript and Python, in one of two spellings."""
        q = self.choice("'\"")
        return q + text.replace("\\", "\\\\").replace(q, "\\" + q) + q
