"""Line plots as SVG, nothing but the standard library."""

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 560, 340, 70, 50, 40, 110
COLOURS = {"none": "#888888", "plpgsql": "#c04000", "fundb": "#0060c0", "c": "#008040"}


def ticks(most):
    """Round numbers from 0 up to at least `most`."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * 5 >= most:
                return [step * factor * i for i in range(6)]
        step *= 10


def draw(path, title, x_label, y_label, series):
    """`series`: {name: [(x, y), …]}; the points stand at equal distances, labelled with their x."""
    xs = [x for x, _ in next(iter(series.values()))]
    marks = ticks(max(y for points in series.values() for _, y in points))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(index, y):
        return (LEFT + wide * index / max(1, len(xs) - 1), TOP + high * (1 - max(0, y) / marks[-1]))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', f'<text x="{LEFT}" y="20" font-size="14">{title}: {y_label}</text>']
    for mark in marks:
        _, y = at(0, mark)
        out.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + wide}" y2="{y:.1f}" stroke="#dddddd"/>'
                   f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{mark:,}</text>')
    for index, x in enumerate(xs):
        out.append(f'<text x="{at(index, 0)[0]:.1f}" y="{TOP + high + 18}" text-anchor="middle">{x:,}</text>')
    out.append(f'<text x="{LEFT + wide / 2}" y="{HEIGHT - 10}" text-anchor="middle">{x_label}</text>')
    for name, points in series.items():
        places = [at(index, y) for index, (_, y) in enumerate(points)]
        colour = COLOURS.get(name, "black")
        out.append('<polyline fill="none" stroke-width="2" stroke="%s" points="%s"/>' % (colour, " ".join(f"{x:.1f},{y:.1f}" for x, y in places)))
        out.append(f'<text x="{places[-1][0] + 8:.1f}" y="{places[-1][1] + 4:.1f}" fill="{colour}">{name}</text>')
    out.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
