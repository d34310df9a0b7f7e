using System.Text.Json;
using Pipeline.Sources.Mock;

namespace Pipeline.Tests.Unit.Sources.Mock;

/// <summary>One event of the mock, parsed by System.Text.Json: nothing of the generator's own is trusted.</summary>
internal sealed record MockEvent(long Index, int Length, JsonElement Json)
{
    public string Kind => Json.GetProperty("kind").GetString()!;

    public string Did => Json.GetProperty("did").GetString()!;

    public long TimeUs => Json.GetProperty("time_us").GetInt64();

    public bool IsCommit => Kind == "commit";

    public JsonElement Commit => Json.GetProperty("commit");

    public string Operation => Of("operation");

    public string Collection => Of("collection");

    public string Rkey => Of("rkey");

    public string Rev => Of("rev");

    public JsonElement Record => Commit.GetProperty("record");

    public static IEnumerable<MockEvent> Read(MockFirehoseOptions options, int count)
    {
        var reader = new MockFirehose(options).From(0);
        for (var read = 0; read < count && reader.Next(); read++)
        {
            var json = new Utf8JsonReader(reader.Current);
            yield return new MockEvent(reader.Index, reader.Current.Length, JsonElement.ParseValue(ref json));
        }
    }

    private string Of(string property) => Commit.GetProperty(property).GetString()!;
}
