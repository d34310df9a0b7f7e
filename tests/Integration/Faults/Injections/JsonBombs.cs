using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>JSON that is made to break its reader: nested ten thousands of levels deep, and an event with a record of fifty thousand members.</summary>
internal sealed class JsonBombs : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;
        await run.FlowsAsync();
        var us = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        foreach (var depth in new[] { 200, 10_000, 100_000 })
        {
            var nested = new string('[', depth) + new string(']', depth);
            var json = Encoding.UTF8.GetBytes(TestEvents.Like(depth, "app.bsky.feed.like", us).Replace("\"$type\"", $"\"deep\":{nested},\"$type\"", StringComparison.Ordinal));
            live.SendRubbish(FakeFrame.Raw(json), "too_deep", json);
            await run.FlowsAsync(100);
        }

        var members = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"\"m{i}\":{i},"));
        live.SendEvent(TestEvents.Like(1, "app.bsky.feed.like", us).Replace("\"$type\"", $"{members}\"$type\"", StringComparison.Ordinal));
        await run.FlowsAsync();
        run.Ingested.Rejected.Should().Be(3);
        return "3 messages nested 200, 10,000 and 100,000 deep, 1 event with 50,000 members";
    }
}
