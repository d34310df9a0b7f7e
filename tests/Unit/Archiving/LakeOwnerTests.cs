using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class LakeOwnerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("owner-").FullName;
    private readonly LogOptions _log = new() { Name = "one" };
    private readonly LakeLayout _layout;

    public LakeOwnerTests() => _layout = new LakeLayout(Path.Combine(_root, "not", "there", "yet"));

    [Fact]
    public void A_new_lake_belongs_to_the_first_log_that_claims_it()
    {
        LakeOwner.Claim(_layout, _log);
        LakeOwner.Claim(_layout, _log);

        FluentActions.Invoking(() => LakeOwner.Claim(_layout, _log with { Name = "other" }))
            .Should().Throw<LakeException>().WithMessage("*'one' with 1 shard(s), not to 'other'*--lake*");
        FluentActions.Invoking(() => LakeOwner.Claim(_layout, _log with { Shards = 2 })).Should().Throw<LakeException>().WithMessage("*with 2*--shards*");
    }

    [Fact]
    public void Of_logs_that_claim_a_new_lake_at_the_same_time_one_gets_it()
    {
        var refused = 0;
        Parallel.For(0, 8, n =>
        {
            try
            {
                LakeOwner.Claim(_layout, _log with { Name = $"log-{n}" });
            }
            catch (LakeException)
            {
                Interlocked.Increment(ref refused);
            }
        });

        refused.Should().Be(7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_broken_claim_stops_the_writer_and_says_where_it_is(string content)
    {
        LakeOwner.Claim(_layout, _log);
        File.WriteAllText(Path.Combine(_layout.Root, "_pipeline", "lake.json"), content);

        FluentActions.Invoking(() => LakeOwner.Claim(_layout, _log)).Should().Throw<LakeException>().WithMessage("*lake.json*");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
