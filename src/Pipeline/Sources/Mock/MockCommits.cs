namespace Pipeline.Sources.Mock;

/// <summary>Makes commits and writes their operations, one event each.</summary>
internal sealed class MockCommits
{
    private const long FirstSequence = 14_600_000_000;
    private static readonly string[] AccountStates = ["deactivated", "deleted", "takendown", "suspended"];
    private readonly MockClock _clock;
    private readonly MockChoice _choice;
    private readonly MockPopulation _people;
    private readonly MockRecords _records;

    public MockCommits(MockFirehoseOptions options)
    {
        _clock = new MockClock(options.Seed, options.Start, options.EventsPerSecond);
        _choice = new MockChoice(options.Mix);
        _people = new MockPopulation(MockRandom.Derive(options.Seed, 7));
        _records = new MockRecords(_people);
    }

    public MockCommit Begin(long index, int mostOperations, MockRandom random)
    {
        var kind = _choice.Draw(random);
        var (share, most) = MockKinds.Several(kind);
        var operations = random.Chance(share) ? Math.Min(random.Between(2, most), mostOperations) : 1;
        return new MockCommit(index, kind, Operation(kind, random), operations, _people.Someone(random),
            _clock.Rev(index, random), _clock.Arrival(index, random), random.Next());
    }

    public void Write(in MockCommit commit, int operation, WireBuffer json, MockRandom random)
    {
        if (commit.Kind == MockKind.Identity)
            WriteIdentity(commit, json, random);
        else if (commit.Kind == MockKind.Account)
            WriteAccount(commit, json, random);
        else
            WriteOperation(commit, operation, json, random);
    }

    private static string Operation(MockKind kind, MockRandom random)
    {
        var drawn = random.Fraction() - MockKinds.DeleteShare(kind);
        return drawn < 0 ? "delete" : drawn < MockKinds.UpdateShare(kind) ? "update" : "create";
    }

    private void WriteOperation(in MockCommit commit, int operation, WireBuffer json, MockRandom random)
    {
        json.Json($$"""
            {"did":"{{commit.Author}}","time_us":{{commit.Time}},"kind":"commit","commit":{"rev":"{{commit.Rev}}","operation":"{{commit.Operation}}","collection":"{{MockKinds.Collection(commit.Kind)}}","rkey":"
            """);
        if (commit.Kind == MockKind.Profile)
            json.Append("self"u8);
        else
            (commit.Operation == "create" ? commit.KeyOf(operation) : MockPopulation.EarlierKey(random, commit.Time, operation)).WriteTo(json);

        if (commit.Operation != "delete")
        {
            json.AppendAscii("\",\"record\":");
            _records.Write(commit, operation, json, random);
            json.Json($"""
                ,"cid":"{commit.CidOf(operation)}
                """);
        }

        json.AppendAscii("\"}}");
    }

    private static void WriteIdentity(in MockCommit commit, WireBuffer json, MockRandom random)
    {
        json.Json($$"""
            {"did":"{{commit.Author}}","time_us":{{commit.Time}},"kind":"identity","identity":{"did":"{{commit.Author}}","handle":"
            """);
        MockText.WriteHandle(json, random);
        json.Json($$$"""
            ","seq":{{{FirstSequence + commit.Index}}},"time":"{{{new Timestamp(commit.Rev.Micros, TimestampStyle.Millis)}}}"}}
            """);
    }

    private static void WriteAccount(in MockCommit commit, WireBuffer json, MockRandom random)
    {
        var active = random.Chance(0.6);
        json.Json($$"""
            {"did":"{{commit.Author}}","time_us":{{commit.Time}},"kind":"account","account":{"active":{{(active ? "true" : "false")}},"did":"{{commit.Author}}","seq":{{FirstSequence + commit.Index}}
            """);
        if (!active)
            json.Json($"""
                ,"status":"{random.PickEarly(AccountStates)}"
                """);
        json.Json($$$"""
            ,"time":"{{{new Timestamp(commit.Rev.Micros, TimestampStyle.Millis)}}}"}}
            """);
    }
}
