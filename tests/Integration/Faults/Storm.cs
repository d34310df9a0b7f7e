using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Integration.Faults.Injections;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>What may go wrong in a storm: faults of Redis, its network and the lake in one front, of the source and the clock in another.</summary>
internal sealed class Storm : Injection
{
    /// <summary>Faults of one front come one after the other, those of different fronts at the same time.</summary>
    public static IReadOnlyList<IReadOnlyList<Func<Random, Injection>>> Fronts { get; } =
    [
        [
            _ => new RedisKilled(1),
            _ => new RedisKilled(2),
            _ => new AofTailCut(1),
            random => new RedisFrozen(TimeSpan.FromMilliseconds(random.Next(200, 3_000))),
            _ => new RedisFrozen(TimeSpan.FromSeconds(7)),
            _ => new LinkCut(1),
            _ => new LinkCut(2),
            _ => new LinkSlow(1_000_000),
            _ => new LakeRemoved(records: 1_000),
        ],
        [
            _ => new SourceBreaks(FaultKind.Abort, 1),
            _ => new SourceBreaks(FaultKind.Close, 1),
            _ => new SourceBreaks(FaultKind.DropMidFrame, 2),
            _ => new SourceBreaks(FaultKind.Stall, 1),
            _ => new Rubbish(1),
            _ => new ClockJump(TimeSpan.FromHours(1)),
            _ => new ClockJump(TimeSpan.FromHours(-1)),
            _ => new ClockJump(TimeSpan.Zero),
        ],
    ];

    public override RedisServerOptions? Redis => new();

    public override bool NeedsLink => true;

    public override Task<string> InjectAsync(FaultRun run) => throw new NotSupportedException("A storm is its fronts.");
}
