namespace Pipeline.Sources.Mock;

/// <summary>A post's text, made of words: escaped for JSON as it goes, while counting the bytes it has unescaped, for the facets.</summary>
internal sealed class MockText(MockPopulation people)
{
    private readonly WireBuffer _json = new(4 * 1024);
    private readonly MockFacet[] _facets = new MockFacet[3];
    private int _facetCount;
    private int _escapes;

    public ReadOnlySpan<byte> Json => _json.Written;

    private int Position => _json.Length - _escapes;

    public void Compose(MockLanguage language, MockRandom random)
    {
        _json.Clear();
        _facetCount = 0;
        _escapes = 0;

        var shortness = random.Fraction();
        var target = 6 + (int)(language.LongestText * shortness * shortness);
        var capitals = random.Chance(0.7);
        var toStop = 0;
        while (_json.Length < target)
        {
            var sentence = toStop == 0;
            if (sentence)
            {
                if (_json.Length > 0)
                    Stop(language, random);
                toStop = random.Between(3, 14);
            }
            else if (_json.Length > 0)
            {
                _json.Append(language.Space);
            }

            toStop--;
            var start = _json.Length;
            AppendWord(language, random);
            if (sentence && capitals)
                _json.Capitalize(start);
        }

        Finish(language, random);
    }

    public void WriteFacets(WireBuffer json)
    {
        if (_facetCount == 0)
            return;

        json.AppendAscii(",\"facets\":[");
        for (var i = 0; i < _facetCount; i++)
        {
            if (i > 0)
                json.Append((byte)',');
            _facets[i].WriteTo(json);
        }

        json.Append((byte)']');
    }

    /// <summary>English words and invented ones, for titles and descriptions.</summary>
    public static void WriteWords(WireBuffer json, MockRandom random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                json.Append((byte)' ');
            if (random.Chance(0.3))
                WriteName(json, random);
            else
                json.Append(random.PickEarly(MockLanguage.English.Words));
        }
    }

    /// <summary>A made-up word with a capital.</summary>
    public static void WriteName(WireBuffer json, MockRandom random)
    {
        var start = json.Length;
        MockLanguage.WriteInvented(json, random);
        json.Capitalize(start);
    }

    public static void WriteHandle(WireBuffer json, MockRandom random)
    {
        MockLanguage.WriteInvented(json, random);
        if (random.Chance(0.4))
            json.Append(random.Below(3_000));
        json.AppendAscii(".bsky.social");
    }

    private void AppendWord(MockLanguage language, MockRandom random)
    {
        switch (random.Below(200))
        {
            case 0:
                Escape('"');
                _json.Append(random.PickEarly(language.Words));
                Escape('"');
                break;
            case < 4:
                _json.Append(random.Pick(MockLanguage.Emoji));
                break;
            case < 7:
                _json.Append(random.Below(3_000));
                break;
            case < 14 when language.Space.Length > 0:
                WriteName(_json, random);
                break;
            case < 16 when language.Space.Length > 0:
                MockLanguage.WriteInvented(_json, random);
                break;
            default:
                _json.Append(random.PickEarly(language.Words));
                break;
        }
    }

    private void Stop(MockLanguage language, MockRandom random)
    {
        _json.Append(random.PickEarly(language.Stops));
        if (random.Chance(0.12))
            Escape('n');
        else
            _json.Append(language.Space);
    }

    private void Finish(MockLanguage language, MockRandom random)
    {
        if (random.Chance(0.6))
            _json.Append(random.PickEarly(language.Stops));
        for (var emoji = random.Chance(0.2) ? random.Between(1, 3) : 0; emoji > 0; emoji--)
            _json.Append(random.Pick(MockLanguage.Emoji));
        for (var facets = random.Chance(0.19) ? random.Between(1, 3) : 0; facets > 0; facets--)
            AppendFacet(language, random);
    }

    private void AppendFacet(MockLanguage language, MockRandom random)
    {
        Escape('n');
        var start = Position;
        var hash = random.Next();
        var tag = random.Pick(language.Words);
        var kind = (MockFacetKind)random.Below(3);
        switch (kind)
        {
            case MockFacetKind.Link:
                _json.AppendAscii(new MockLink(hash).Host);
                _json.AppendAscii("/2026/07...");
                break;
            case MockFacetKind.Tag:
                _json.Append((byte)'#');
                _json.Append(tag);
                break;
            default:
                hash = people.Someone(random).Hash;
                _json.Append((byte)'@');
                WriteHandle(_json, random);
                break;
        }

        _facets[_facetCount++] = new MockFacet(kind, start, Position, hash, tag);
    }

    private void Escape(char escaped)
    {
        _json.Append((byte)'\\');
        _json.Append((byte)escaped);
        _escapes++;
    }
}
