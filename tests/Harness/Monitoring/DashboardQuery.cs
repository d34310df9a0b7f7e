namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A query of a dashboard.</summary>
/// <param name="Dashboard">The file's name.</param>
/// <param name="Panel">The panel's title, or which variable or annotation it is.</param>
public sealed record DashboardQuery(string Dashboard, string Panel, string Query);
