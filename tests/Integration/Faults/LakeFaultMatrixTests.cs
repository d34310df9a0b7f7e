using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

public sealed class LakeFaultMatrixTests(RedisFixture redis) : FaultMatrixTests(redis)
{
    public static TheoryData<string> Rows => FaultMatrix.Of(Lane.Lake);

    [Theory, MemberData(nameof(Rows))]
    public Task Nothing_is_lost_or_doubled(string row) => RunAsync(row);
}
