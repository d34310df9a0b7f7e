using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Events;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>No path leads from an event's content to a file's name: names are made of numbers and of the program's own words.</summary>
public sealed partial class FileNameSafetyTests
{
    private static readonly string[] _hostile =
    [
        "../../../../etc/cron.d/evil", "/etc/passwd", "..", ".", "", "a/b", @"..\..\evil", @"C:\evil", "evil\0.parquet", "%2e%2e%2fevil", "~/evil",
        "_pipeline/lake.json", "type=post", "year=2026/month=07", "$(touch evil)", "evil\n", "\u202Elive", "ｅｖｉｌ", "😀", "CON", "-rf", "*", new('x', 300),
        "app.bsky.feed.post", "app.bsky.feed.like",
    ];

    private static readonly Gen<string> _text = Gen.Frequency(
        (5, OddJson.OneOf(_hostile)), (2, OddJson.OneOf(_hostile).Array[2, 3].Select(p => string.Join('/', p))), (1, Gen.String));

    private static readonly Gen<string> _collection =
        Gen.Frequency((4, OddJson.OneOf([.. EventTypes.All.Select(t => t.Collection())])), (1, _text));

    private static readonly Gen<byte[]> _event =
        from did in Gen.Frequency((9, _text.Select(t => "did:" + t)), (1, _text))
        from collection in _collection
        from operation in Gen.Frequency((4, OddJson.OneOf("create", "update", "delete")), (1, _text))
        from kind in Gen.Frequency((9, Gen.Const("commit")), (1, _text))
        from timeUs in Gen.Frequency((8, Gen.Long[1_783_173_600_000_000, 1_783_180_000_000_000]), (1, Gen.Long))
        from texts in _text.Array[8]
        select Encoding.UTF8.GetBytes(new JsonObject
        {
            ["did"] = did,
            ["time_us"] = timeUs,
            ["kind"] = kind,
            [texts[0]] = texts[1],
            ["commit"] = new JsonObject
            {
                ["rev"] = texts[2],
                ["operation"] = operation,
                ["collection"] = collection,
                ["rkey"] = texts[3],
                ["cid"] = texts[4],
                ["record"] = new JsonObject { ["$type"] = texts[5], ["text"] = texts[6], ["subject"] = texts[7] },
            },
        }.ToJsonString());

    [Fact]
    public async Task Whatever_events_hold_their_files_are_called_after_hour_type_and_window()
    {
        var archived = 0L;
        await _event.Array[1, 30].SampleAsync(
            async events =>
            {
                var staged = await ExpectSafeNamesAsync(events);
                archived += staged.Files.Where(f => f.Name.Table != LakeFileName.RejectedTable).Sum(f => f.Rows);
            },
            iter: 100,
            threads: 1,
            print: events => string.Join('\n', events.Select(Encoding.UTF8.GetString)));

        archived.Should().BeGreaterThan(200, "events that are rejected have little that could go into a name");
    }

    private static async Task<StagedWindow> ExpectSafeNamesAsync(byte[][] events)
    {
        using var lake = new TestLake { Options = new LakeOptions { Window = TimeSpan.FromHours(1) } };

        var staged = await lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, events));

        staged.Files.Sum(f => f.Rows).Should().Be(events.Length, "every event is in a file");
        staged.Files.Should().OnlyContain(f => TemporaryFile().IsMatch(Path.GetRelativePath(lake.Root, f.TemporaryPath)));
        var files = Directory.EnumerateFiles(lake.Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(lake.Root, f)).ToList();
        files.Where(f => !LockFile().IsMatch(f)).Should().HaveCount(staged.Files.Count).And.OnlyContain(f => DataFile().IsMatch(f));
        return staged;
    }

    [GeneratedRegex(@"^year=\d{4}/month=\d\d/day=\d\d/hour=\d\d/type=(post|like|repost|follow|block|rejected)/\1-\d{8}T\d{6}Z\.parquet\z")]
    private static partial Regex DataFile();

    [GeneratedRegex(@"^_pipeline/staging/[0-9a-f]{12}/\d+-(post|like|repost|follow|block|rejected)\.tmp\z")]
    private static partial Regex TemporaryFile();

    [GeneratedRegex(@"^_pipeline/staging/[0-9a-f]{12}\.lock\z")]
    private static partial Regex LockFile();
}
