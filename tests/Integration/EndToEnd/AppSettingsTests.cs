using FluentAssertions;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>What appsettings.json holds is read, or refused: never passed over.</summary>
public sealed class AppSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("app-settings-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{ "Pipeline": { "Lake": "" } }""", "Pipeline:Lake in appsettings.json is empty; name a folder")]
    [InlineData("""{ "Pipeline": { "Lake": "a\u0000b" } }""", "Pipeline:Lake in appsettings.json holds a character that no path may hold")]
    [InlineData("""{ "Pipeline": { "Lake": [] } }""", "Pipeline:Lake in appsettings.json is empty")]
    [InlineData("""{ "Pipeline": { "Lake": ["a"] } }""", "'Pipeline:Lake' in appsettings.json is a list or an object")]
    [InlineData("""{ "Pipeline": { "Window": { "Minutes": 5 } } }""", "'Pipeline:Window' in appsettings.json is a list or an object")]
    [InlineData("""{ "Pipeline": "lake" }""", "'Pipeline' in appsettings.json is no object")]
    [InlineData("""{ "Pipeline": [ { "Lake": "lake" } ] }""", "'Pipeline' in appsettings.json is no object")]
    [InlineData("""{ "Lake": "lake" }""", "'Lake' in appsettings.json stands outside of the section 'Pipeline'")]
    [InlineData("""{ "Pipline": { "Lake": "lake" } }""", "'Pipline' in appsettings.json is not read; did you mean 'Pipeline'?")]
    [InlineData("""{ "Pipeline": { "Windw": "5m" } }""", "'Pipeline:Windw' in appsettings.json is no setting; did you mean Window?")]
    [InlineData("""{ "Pipeline": { "Window": true } }""", "Pipeline:Window in appsettings.json is 'True'; use a duration")]
    [InlineData("{\n  \"Pipeline\": {\n    \"Lake\" \"lake\"\n  }\n}", "LineNumber: 2")]
    [InlineData("[]", "appsettings.json in")]
    [InlineData("", "appsettings.json in")]
    public async Task What_cannot_be_meant_is_refused(string text, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), text, Token);
        using var program = PipelineProgram.Start(["run", "--source", "mock", "--events", "1", "--redis", "localhost:1"], folder: _folder);

        (await program.ExitCodeAsync(Token)).Should().Be(2, await program.OutputAsync());
        (await program.ErrorAsync()).Trim().Should().Contain(message).And.NotContain("\n");
    }

    [Fact]
    public async Task Sections_of_others_and_settings_without_a_value_are_let_be()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "appsettings.json"), """{ "Logging": { "LogLevel": "x" }, "Pipeline": { "Lake": null, "Redis": "localhost:1" } }""", Token);
        using var program = PipelineProgram.Start(["peek"], folder: _folder);

        (await program.ExitCodeAsync(Token)).Should().Be(3);
        (await program.ErrorAsync()).Should().Contain("localhost:1 does not answer");
    }
}
