using System.Net.WebSockets;
using System.Text;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Megabytes of messages that are no JSON, between the events.</summary>
internal sealed class Rubbish(int megabytes) : Injection
{
    private const int MessageBytes = 64 * 1024;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;
        await run.FlowsAsync();
        var messages = megabytes * 1024 * 1024 / MessageBytes;
        var rejected = run.Ingested.Rejected;
        for (var i = 0; i < messages; i++)
        {
            var bytes = new byte[MessageBytes];
            run.NextBytes(bytes);
            if (i % 2 == 0)
            {
                live.SendRubbish(FakeFrame.Raw(bytes, WebSocketMessageType.Binary), "malformed", bytes);
            }
            else
            {
                // A text message has to be UTF-8, or the connection is over.
                var text = Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)[..MessageBytes]);
                live.SendRubbish(FakeFrame.Raw(text), "malformed", text);
            }

            if (i % 50 == 0) await run.FlowsAsync(100);
        }

        // Events that came before may still be under way.
        await run.WhileAtWorkAsync(Eventually.TrueAsync(
            "the rubbish to be rejected", () => run.Ingested.Rejected - rejected >= messages * 9 / 10, Deadlines.Recovery));
        return $"{messages} messages, {megabytes} MB";
    }
}
