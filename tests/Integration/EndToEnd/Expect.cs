using System.Security.Cryptography;
using FluentAssertions;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Lake;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>Compares what was sent with what an independent reader finds in the lake.</summary>
internal static class Expect
{
    public static IReadOnlyList<string> Sent(IEnumerable<ReadOnlyMemory<byte>> events) =>
        [.. events.Select(e => SentEvents.Identity(e.Span)).OfType<string>().Distinct()];

    public static IReadOnlyList<string> Sent(IEnumerable<string> events) =>
        Sent(events.Select(e => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(e)));

    public static IReadOnlyList<string> Sent(MockFirehoseOptions options)
    {
        var sent = new List<string>();
        var firehose = new MockFirehose(options);
        var reader = firehose.From(0);
        while (reader.Next())
        {
            if (SentEvents.Identity(reader.Current) is { } identity) sent.Add(identity);
        }

        return sent;
    }

    /// <summary>What was sent, for <see cref="Invariant"/>.</summary>
    public static SentLedger Ledger(MockFirehoseOptions options)
    {
        var ledger = new SentLedger();
        for (var reader = new MockFirehose(options).From(0); reader.Next();) ledger.Add(reader.Current);
        return ledger;
    }

    /// <summary>Every event that was sent is in the lake, exactly once, and nothing else is.</summary>
    public static void ExactlyOnce(PipelineRig rig, IReadOnlyList<string> sent)
    {
        using var lake = rig.Read();
        ExactlyOnce(lake, sent);
    }

    public static void ExactlyOnce(LakeReader lake, IReadOnlyList<string> sent)
    {
        var rows = lake.Identities().Select(i => string.Join('|', i.Did, i.Collection, i.Rkey, i.Rev, i.Operation)).ToList();
        sent.Should().NotBeEmpty();
        rows.Should().HaveCount(sent.Count);
        rows.ToHashSet().SetEquals(sent).Should().BeTrue("the lake should hold what was sent");
    }

    /// <summary>Path and SHA-256 of every Parquet file.</summary>
    public static IReadOnlyList<string> Fingerprints(string lake) =>
    [
        .. Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories)
            .Select(f => $"{Path.GetRelativePath(lake, f)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}")
            .Order(StringComparer.Ordinal),
    ];
}
