using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Tests.Load.Reports;

/// <summary>A line a series over the seconds of a run, or over what its labels name, as SVG that needs no script.</summary>
internal sealed record LineChart(string Title, string Unit, IReadOnlyList<(string Name, double[] Values)> Series, bool Logarithmic)
{
    private const int Width = 960;
    private const int Height = 280;
    private const int Left = 64;
    private const int Right = 16;
    private const int Top = 40;
    private const int Bottom = 32;
    private const int Ticks = 4;
    private static readonly string[] _colours = ["#2f7ed8", "#d9822b", "#8e44ad", "#c0392b"];

    /// <summary>What the first and the last point stand for; the run's seconds when null.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    public string ToSvg()
    {
        var highest = Math.Max(Series.SelectMany(s => s.Values).DefaultIfEmpty(0).Max(), Logarithmic ? 1 : 0.001);
        var lowest = Logarithmic ? Math.Max(Series.SelectMany(s => s.Values).Where(v => v > 0).DefaultIfEmpty(0.1).Min(), 0.001) : 0;
        var (first, last) = Labels is { } labels ? (labels[0], labels[^1]) : ("0 s", string.Create(CultureInfo.InvariantCulture, $"{Series.Max(s => s.Values.Length)} s"));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(Title)}\">\n<text x=\"{Left}\" y=\"16\">{WebUtility.HtmlEncode($"{Title} ({Unit}{(Logarithmic ? ", logarithmic" : "")})")}</text>\n");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var share = (double)tick / Ticks;
            var value = Logarithmic ? lowest * Math.Pow(highest / lowest, share) : highest * share;
            var y = Y(value, lowest, highest);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.0}\" y2=\"{y:0.0}\" stroke=\"currentColor\" stroke-opacity=\".15\"/><text x=\"{Left - 8}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{(value < 1000 ? Math.Round(value, 2) : Math.Round(value)):#,0.##}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 8}\">{WebUtility.HtmlEncode(first)}</text><text x=\"{Width - Right}\" y=\"{Height - 8}\" text-anchor=\"end\">{WebUtility.HtmlEncode(last)}</text>\n");
        for (var i = 0; i < Series.Count; i++)
        {
            var (name, values) = Series[i];
            var points = string.Join(' ', values.Select((v, s) => string.Create(CultureInfo.InvariantCulture, $"{X(s, values.Length):0.0},{Y(v, lowest, highest):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{_colours[i]}\" stroke-width=\"1.5\" points=\"{points}\"/><text x=\"{Left + 320 + i * 100}\" y=\"16\" style=\"fill:{_colours[i]}\">{WebUtility.HtmlEncode(name)}</text>\n");
        }

        return svg.Append("</svg>").ToString();
    }

    private static double X(int second, int seconds) => Left + (Width - Left - Right) * (seconds < 2 ? 0.5 : (double)second / (seconds - 1));

    private double Y(double value, double lowest, double highest)
    {
        var share = Logarithmic
            ? highest > lowest ? Math.Log(Math.Max(value, lowest) / lowest) / Math.Log(highest / lowest) : 0.5
            : value / highest;
        return Height - Bottom - share * (Height - Top - Bottom);
    }
}
