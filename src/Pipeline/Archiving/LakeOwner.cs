using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>Which log a lake belongs to: file names do not say, so two logs would overwrite each other's files.</summary>
/// <param name="Log">The log's name.</param>
/// <param name="Shards">How many shards it has.</param>
internal sealed partial record LakeOwner(string Log, int Shards)
{
    /// <summary>True when a log has claimed the lake.</summary>
    public static bool IsClaimed(LakeLayout layout) => File.Exists(PathOf(layout));

    /// <summary>Claims the lake for the log, or checks that it is the log's already.</summary>
    /// <exception cref="LakeException">The lake belongs to another log.</exception>
    public static void Claim(LakeLayout layout, LogOptions options)
    {
        var path = PathOf(layout);
        var claim = new LakeOwner(options.Name, options.Shards);
        if (!File.Exists(path))
        {
            DurableFile.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.WriteFirst(path, JsonSerializer.SerializeToUtf8Bytes(claim, LakeOwnerJson.Default.LakeOwner));
        }

        var owner = Read(path);
        if (owner != claim)
        {
            throw new LakeException(
                $"Lake '{layout.Root}' belongs to log '{owner.Log}' with {owner.Shards} shard(s), not to '{claim.Log}' with {claim.Shards}. " +
                "Give this log a lake of its own (--lake), or use the lake's own log (--log, --shards).");
        }
    }

    private static string PathOf(LakeLayout layout) => Path.Combine(layout.Root, LakeLayout.OwnFolder, "lake.json");

    private static LakeOwner Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LakeOwnerJson.Default.LakeOwner) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new LakeException(
                $"'{path}' does not say which log the lake belongs to ({e.Message}). Something else wrote it: remove it, and the next writer claims the lake.", e);
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(LakeOwner))]
    private sealed partial class LakeOwnerJson : JsonSerializerContext;
}
