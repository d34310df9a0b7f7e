using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A query taken apart: enough of PromQL's grammar to find the series it names, and to ask whether it could ever have a value.</summary>
public sealed partial class PromQlText
{
    private static readonly HashSet<string> _words =
    [
        "and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "start", "end",
        "sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile", "limitk", "limit_ratio",
    ];

    private static readonly HashSet<string> _beforeLabels = ["by", "without", "on", "ignoring", "group_left", "group_right"];

    private readonly List<string> _tokens;

    /// <exception cref="FormatException">It is not made of what PromQL is made of.</exception>
    public PromQlText(string query)
    {
        var tokens = new List<string>();
        var end = 0;
        foreach (Match token in Token().Matches(query))
        {
            if (token.Index != end) break;
            end += token.Length;
            if (!string.IsNullOrWhiteSpace(token.Value) && token.Value[0] != '#') tokens.Add(token.Value);
        }

        if (end != query.Length) throw new FormatException($"Cannot read the query at '{query[end..]}': {query}");
        _tokens = tokens;
    }

    /// <summary>What the query reads, with the matchers: <c>up{job="redis"}</c>.</summary>
    public IReadOnlyList<string> Selectors
    {
        get
        {
            var found = new List<string>();
            for (var i = 0; i < _tokens.Count; i++)
            {
                var (token, next) = (_tokens[i], i + 1 < _tokens.Count ? _tokens[i + 1] : "");
                if (_beforeLabels.Contains(token) && next == "(")
                {
                    while (i + 1 < _tokens.Count && _tokens[i] != ")") i++;
                }
                else if (token[0] == '{')
                {
                    found.Add(token);
                }
                else if (Name().IsMatch(token) && next != "(" && !_words.Contains(token) && !_beforeLabels.Contains(token))
                {
                    if (next.StartsWith('{')) i++;
                    found.Add(next.StartsWith('{') ? token + next : token);
                }
            }

            return [.. found.Distinct()];
        }
    }

    /// <summary>
    /// The same query with every condition answering 0 or 1 instead of hiding the series, and with what is there in place of what is not: it has a
    /// value whenever the query could have one. None means that a name is wrong, or that labels of its parts do not match.
    /// </summary>
    public string Unconditional
    {
        get
        {
            var text = new StringBuilder();
            for (var i = 0; i < _tokens.Count; i++)
            {
                var (token, next) = (_tokens[i], i + 1 < _tokens.Count ? _tokens[i + 1] : "");
                text.Append(token switch
                {
                    "==" or "!=" or ">" or "<" or ">=" or "<=" when next != "bool" => $"{token} bool",
                    "unless" => "and",
                    "absent" when next == "(" => "count",
                    "absent_over_time" when next == "(" => "count_over_time",
                    _ => token,
                }).Append(' ');
            }

            return text.ToString().TrimEnd();
        }
    }

    [GeneratedRegex(
        """
        \s+ | \#[^\n]*
        | \{ (?: [^{}"'`] | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*` )* \}
        | \[ [^\]]* \]
        | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*`
        | [A-Za-z_:][A-Za-z0-9_:]* | [0-9.][0-9A-Za-z_.]*(?:(?<=[eE])[+-][0-9]+)?
        | ==|!=|>=|<=|[-+*/%^()<>,@]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();

    [GeneratedRegex("^[A-Za-z_:]")]
    private static partial Regex Name();
}
