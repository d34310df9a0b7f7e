using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.EndToEnd;
using Pipeline.Tests.Integration.Faults.Injections;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>
/// A crash leaves half a script's transaction at the end of the append-only file. Redis starts, keeps the half in the file, and carries it out
/// at the start after next.
/// </summary>
public sealed class TornTransactionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Half_a_transaction_does_not_come_back_at_the_start_after_next()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString);
        var options = new MockFirehoseOptions { Events = 6_000 };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await rig.IngestAsync(new StoppingSource(new MockSource(options), 3_000, stop), stop.Token);

        await server.KillAsync();
        var file = await server.ReadAsync();
        var transaction = file.AsSpan().LastIndexOf("MULTI\r\n"u8);
        var second = transaction + file.AsSpan(transaction).IndexOf("$4\r\nHSET\r\n"u8);
        second.Should().BeGreaterThan(transaction, "the append is followed by the state");
        await server.CutAsync(file.Length - second);
        await server.StartAsync();
        await rig.IngestAsync(new MockSource(options), Token);

        await server.KillAsync();
        await server.StartAsync();
        await Eventually.TrueAsync("the connection to be back", () => rig.Database.Multiplexer.IsConnected, Deadlines.Container);
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }
}
