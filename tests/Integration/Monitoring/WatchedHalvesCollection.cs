using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>The classes that share one <see cref="WatchedHalves"/>, one after the other.</summary>
[CollectionDefinition]
public sealed class WatchedHalvesCollection : ICollectionFixture<WatchedHalves>;
