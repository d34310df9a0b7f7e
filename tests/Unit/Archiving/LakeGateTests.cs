using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class LakeGateTests : IDisposable
{
    private readonly TestLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_do_not_keep_each_other_out()
    {
        await using var one = await LakeGate.EnterAsync(_lake.Layout, Token);
        await using var other = await LakeGate.EnterAsync(_lake.Layout, Token);

        other.Should().NotBeNull();
    }

    [Fact]
    public async Task A_compaction_is_told_who_may_be_keeping_it_out()
    {
        await using var writer = await LakeGate.EnterAsync(_lake.Layout, Token);

        var enter = () => LakeGate.EnterAloneAsync(_lake.Layout, TimeSpan.FromMilliseconds(1), Token);

        (await enter.Should().ThrowAsync<LakeException>().WithMessage("*gate.lock*Nothing is lost*")).Which.CanHeal.Should().BeTrue();
    }

    [Fact]
    public async Task A_writer_waits_for_a_compaction_until_it_is_told_to_stop()
    {
        await using var compaction = await LakeGate.EnterAloneAsync(_lake.Layout, TimeSpan.Zero, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var entering = LakeGate.EnterAsync(_lake.Layout, stop.Token);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => entering).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Verify_lets_no_compaction_in_and_makes_no_gate_where_there_is_none()
    {
        await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, "no event"));
        await new LakeVerifier(_lake.Layout).VerifyAsync(null, Token);
        File.Exists(_lake.Layout.Gate).Should().BeFalse();
        await (await LakeGate.EnterAsync(_lake.Layout, Token)).DisposeAsync();

        var progress = new Meanwhile(() => LakeGate.EnterAloneAsync(_lake.Layout, TimeSpan.Zero, Token));
        await new LakeVerifier(_lake.Layout).VerifyAsync(progress, Token);

        await FluentActions.Awaiting(() => progress.Done!).Should().ThrowAsync<LakeException>();
        await (await LakeGate.EnterAloneAsync(_lake.Layout, TimeSpan.Zero, Token)).DisposeAsync();
    }

    public void Dispose() => _lake.Dispose();

    private sealed class Meanwhile(Func<Task> run) : IProgress<LakeProgress>
    {
        public Task? Done { get; private set; }

        public void Report(LakeProgress value)
        {
            Done = run();
            ((IAsyncResult)Done).AsyncWaitHandle.WaitOne();
        }
    }
}
