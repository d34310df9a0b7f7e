namespace Pipeline.Sources.Mock;

/// <summary>Draws the kind of each commit, so that the events come out in the proportions of the mix.</summary>
internal sealed class MockChoice
{
    private readonly double[] _upTo;

    public MockChoice(MockMix mix)
    {
        // In the order of MockKind.
        double[] shares = [mix.Likes, mix.Reposts, mix.Posts, mix.Follows, mix.Blocks, mix.Profiles, mix.ListItems, mix.Threadgates,
            mix.Identities, mix.Accounts];
        _upTo = new double[shares.Length];
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
            _upTo[i] = sum += shares[i] / MockKinds.MeanOperations((MockKind)i);
    }

    public MockKind Draw(MockRandom random)
    {
        var drawn = random.Fraction() * _upTo[^1];
        var kind = 0;
        while (drawn >= _upTo[kind] && kind < _upTo.Length - 1)
            kind++;
        return (MockKind)kind;
    }
}
