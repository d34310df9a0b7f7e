using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>A colour on its ground, as WCAG 2 measures it.</summary>
/// <param name="Wanted">4.5 for text; 3 for what is no text.</param>
internal sealed partial record Contrast(string What, double Ratio, double Wanted)
{
    /// <summary>Every text that is seen, and every patch of colour that means something.</summary>
    public static async Task<IReadOnlyList<Contrast>> ReadAsync(IPage page)
    {
        var rows = await page.EvaluateAsync<string[][]>(
            """
            (() => {
              const ground = e => {
                for (; e; e = e.parentElement) {
                  const c = getComputedStyle(e).backgroundColor;
                  if (c !== 'rgba(0, 0, 0, 0)' && c !== 'transparent') return c;
                }
                return 'rgb(255, 255, 255)';
              };
              const rows = [];
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                const text = texts.currentNode.textContent.trim();
                const e = texts.currentNode.parentElement;
                if (text && e.checkVisibility() && e.tagName !== 'NOSCRIPT') {
                  const style = getComputedStyle(e);
                  rows.push([text, e.closest('svg') ? style.fill : style.color, ground(e), '4.5']);
                }
              }
              for (const e of document.querySelectorAll('.swatch')) rows.push([e.className, getComputedStyle(e).backgroundColor, ground(e.parentElement), '3']);
              for (const e of document.querySelectorAll('.outcome, #verdict')) rows.push([`dot of ${e.textContent}`, getComputedStyle(e, '::before').backgroundColor, ground(e), '3']);
              return rows;
            })()
            """);
        return [.. rows.Select(r => new Contrast($"{r[0]} ({r[1]} on {r[2]})", Between(r[1], r[2]), double.Parse(r[3], CultureInfo.InvariantCulture)))];
    }

    public static double LuminanceOf(string colour)
    {
        var parts = Number().Matches(colour).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).ToArray();
        if (parts is [_, _, _, < 1]) throw new FormatException($"'{colour}' lets something through: what it looks like cannot be computed.");
        var linear = parts.Take(3).Select(p => p / 255).Select(p => p <= 0.04045 ? p / 12.92 : Math.Pow((p + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static double Between(string one, string other)
    {
        var (a, b) = (LuminanceOf(one), LuminanceOf(other));
        return Math.Round((Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05), 2);
    }

    [GeneratedRegex("[0-9.]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
