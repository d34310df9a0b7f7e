using Pipeline.Tests.Harness;
using Pipeline.Tests.Integration.Security;
using Xunit;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(RedisFixture))]
[assembly: AssemblyFixture(typeof(SecureRedis))]

// More than there are cores: most of these tests wait for a server that was killed or paused.
[assembly: Parallelization(MaxThreads = 4)]
