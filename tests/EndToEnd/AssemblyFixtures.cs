using Pipeline.Tests.Harness.Browsing;
using Xunit;

[assembly: AssemblyFixture(typeof(BrowserFixture))]
