using System.Globalization;
using System.Text;

namespace Pipeline.Tests.Harness.Lake;

/// <summary>Walks JSON that is known to be well-formed. Own code, since System.Text.Json refuses to look at half a surrogate pair.</summary>
internal sealed class JsonScanner(string json)
{
    private int _at;

    /// <summary>Writes the value in one spelling: members sorted, strings escaped alike, no whitespace, numbers as they stand.</summary>
    public static string Canonical(string json)
    {
        var scanner = new JsonScanner(json);
        var text = scanner.Value();
        return scanner.Peek() == '\0' ? text : throw new FormatException($"Text after the value at {scanner._at}: {json}");
    }

    public static List<JsonMember> Members(string json)
    {
        var members = new List<JsonMember>();
        var scanner = new JsonScanner(json);
        scanner.Expect('{');
        while (scanner.Peek() != '}')
        {
            var start = scanner._at;
            var name = scanner.Text();
            scanner.Expect(':');
            _ = scanner.Peek();
            var value = scanner._at;
            _ = scanner.Value();
            members.Add(new JsonMember(name, json[start..scanner._at], json[value..scanner._at]));
            if (scanner.Peek() == ',') scanner._at++;
        }

        return members;
    }

    /// <summary>Writes a string with everything but plain ASCII escaped, half a surrogate pair too.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is >= ' ' and < '\x7f' and not '"' and not '\\') quoted.Append(c);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return quoted.Append('"').ToString();
    }

    private string Value()
    {
        switch (Peek())
        {
            case '{': return Composite('{', '}', sort: true, Member);
            case '[': return Composite('[', ']', sort: false, Value);
            case '"': return Quote(Text());
            default:
                var start = _at;
                while (_at < json.Length && json[_at] is not (',' or '}' or ']' or ' ' or '\n' or '\r' or '\t')) _at++;
                return _at > start ? json[start.._at] : throw new FormatException($"No value at {_at}: {json}");
        }
    }

    private string Member()
    {
        _ = Peek();
        var name = Quote(Text());
        Expect(':');
        return name + ":" + Value();
    }

    private string Composite(char open, char close, bool sort, Func<string> part)
    {
        Expect(open);
        var parts = new List<string>();
        while (Peek() != close)
        {
            parts.Add(part());
            if (Peek() != ',') break;
            _at++;
        }

        Expect(close);
        if (sort) parts.Sort(StringComparer.Ordinal);
        return open + string.Join(',', parts) + close;
    }

    private string Text()
    {
        Expect('"');
        var text = new StringBuilder();
        while (json[_at] != '"')
        {
            var c = json[_at++];
            if (c == '\\') c = Escaped();
            text.Append(c);
        }

        _at++;
        return text.ToString();
    }

    private char Escaped()
    {
        switch (json[_at++])
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                _at += 4;
                return (char)ushort.Parse(json.AsSpan(_at - 4, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            default: return json[_at - 1];
        }
    }

    /// <summary>The next character that is no whitespace; NUL at the end.</summary>
    private char Peek()
    {
        while (_at < json.Length && json[_at] is ' ' or '\n' or '\r' or '\t') _at++;
        return _at < json.Length ? json[_at] : '\0';
    }

    private void Expect(char c)
    {
        if (Peek() != c) throw new FormatException($"Expected '{c}' at {_at}: {json}");
        _at++;
    }
}
