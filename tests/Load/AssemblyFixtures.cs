using Pipeline.Tests.Harness;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(RedisFixture))]

// Two loads at once would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
