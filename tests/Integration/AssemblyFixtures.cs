using Pipeline.Tests.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(RedisFixture))]
