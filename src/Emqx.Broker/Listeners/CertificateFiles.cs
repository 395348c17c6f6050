using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Listeners;

/// <summary>
/// Certificates and keys that came as PEM text: each listener has a folder for them in the data folder, named like the
/// listener. A file's name holds a hash of its content, so what is in use is never overwritten.
/// </summary>
internal sealed class CertificateFiles(NodeIdentity identity, ConfigPaths paths)
{
    private const string Options = "ssl_options", PemBegin = "-----BEGIN";
    private const int LargestFile = 1 << 20;
    private static readonly string[] s_fileFields = ["certfile", "keyfile", "cacertfile"];
    private static readonly string s_scratch = Path.Combine(Path.GetTempPath(), $"emqx-certs-{Environment.ProcessId}");

    private string Root => Path.Combine(identity.DataFolder == ":memory:" ? s_scratch : Path.GetFullPath(identity.DataFolder), "certs", "listeners");

    /// <summary>
    /// Puts PEM texts into files and names these in the fields instead; other texts must name a file. Throws
    /// <see cref="CertificateRefusedException"/> before anything is written.
    /// </summary>
    /// <param name="id">The listener.</param>
    /// <param name="fields">What the request has named.</param>
    /// <returns>The fields to keep.</returns>
    public ConfigObject Store(ListenerId id, ConfigObject fields)
    {
        if (fields[Options] is not ConfigObject options)
            return fields;
        List<(string Path, string Text)> files = [];
        foreach (var name in s_fileFields)
        {
            if (options[name] is not ConfigText { Text: var text } || text.Length == 0)
                continue;
            if (text.Contains(PemBegin, StringComparison.Ordinal))
            {
                Check(name, text, isEncrypted: options["password"] is ConfigText { Text.Length: > 0 });
                var path = Path.Combine(FolderOf(id), $"{name}-{Hash(text)}.pem");
                files.Add((path, text));
                options = options.With(name, new ConfigText(path));
            }
            else if (paths.ExpandFile(text) is { } file && FindFault(file) is { } fault)
            {
                throw new CertificateRefusedException($"{{bad_ssl_config,#{{file_path => \"{text}\",pem_check => {fault},which_option => <<\"{name}\">>}}}}");
            }
        }

        Write(id, files);
        return fields.With(Options, options);
    }

    /// <summary>Removes the files of a listener, or those that its fields do not name.</summary>
    public void Clean(ListenerId id, ConfigObject? inUse)
    {
        var folder = FolderOf(id);
        if (!Directory.Exists(folder))
            return;
        var options = inUse?[Options] as ConfigObject;
        var named = s_fileFields.Select(name => (options?[name] as ConfigText)?.Text).ToHashSet();
        foreach (var file in Directory.GetFiles(folder))
            if (!named.Contains(file))
                File.Delete(file);
        if (Directory.GetFileSystemEntries(folder).Length == 0)
            Directory.Delete(folder);
    }

    private string FolderOf(ListenerId id) => Path.Combine(Root, id.Type, id.Name);

    private void Write(ListenerId id, List<(string Path, string Text)> files)
    {
        if (files.Count == 0)
            return;
        PrivateFolder.Make(FolderOf(id));
        foreach (var (path, text) in files)
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write }.Private();
            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>EMQX's word for a file that is no PEM; null where it is. Devices and pipes, which have no length, are not read.</summary>
    private static string? FindFault(string file)
    {
        try
        {
            if (!File.Exists(file))
                return "enoent";
            return new FileInfo(file).Length is > 0 and <= LargestFile && PemEncoding.TryFind(File.ReadAllText(file), out _) ? null : "not_pem";
        }
        catch (UnauthorizedAccessException)
        {
            return "eacces";
        }
        catch (IOException)
        {
            return "eio";
        }
    }

    private static void Check(string name, string text, bool isEncrypted)
    {
        try
        {
            if (name == "keyfile")
                CheckKey(text, isEncrypted);
            else
                CheckCertificates(text);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new CertificateRefusedException($"{{bad_ssl_config,#{{reason => bad_pem,which_option => <<\"{name}\">>}}}}");
        }
    }

    private static void CheckCertificates(string text)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        var found = certificates.Count;
        foreach (var certificate in certificates)
            certificate.Dispose();
        if (found == 0)
            throw new CryptographicException("no certificate");
    }

    private static void CheckKey(string text, bool isEncrypted)
    {
        if (!PemEncoding.TryFind(text, out var fields) || !text[fields.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            throw new CryptographicException("no key");
        if (isEncrypted)
            return;
        try
        {
            using var ec = ECDsa.Create();
            ec.ImportFromPem(text);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(text);
        }
    }
}

/// <summary>A certificate or key that cannot be used; the message is what the API answers.</summary>
internal sealed class CertificateRefusedException(string message) : Exception(message);
