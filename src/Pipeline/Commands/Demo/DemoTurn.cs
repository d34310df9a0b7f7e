using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Commands.Demo;

/// <summary>Keeps two demos out of one folder, where the second would remove the lake that the first is writing. Given back also when we are killed.</summary>
internal static class DemoTurn
{
    /// <exception cref="EnvironmentException">Another demo is at it, or there is no place for temporary files.</exception>
    public static IDisposable Take(string lake)
    {
        // Not beside the lake: it would be one thing more that a demo leaves behind.
        var name = $"pipeline-demo-turn-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName} {lake}")))[..16]}";
        try
        {
            return new FileStream(Path.Combine(Path.GetTempPath(), name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            throw new EnvironmentException($"Cannot make a temporary folder in '{Path.GetTempPath()}': {Sentence.Of(e)} Choose another place for such (TMPDIR).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException($"Another demo is writing '{lake}': wait for its end, or run this one in another folder.", e);
        }
    }
}
