FROM mcr.microsoft.com/dotnet/sdk:10.0-alpine AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY src/Emqx.Rules/Emqx.Rules.csproj src/Emqx.Rules/
COPY src/Emqx.Drivers/Emqx.Drivers.csproj src/Emqx.Drivers/
COPY src/Emqx.Broker/Emqx.Broker.csproj src/Emqx.Broker/
COPY src/Emqx.Storage.Sqlite/Emqx.Storage.Sqlite.csproj src/Emqx.Storage.Sqlite/
COPY src/Emqx.Mgmt/Emqx.Mgmt.csproj src/Emqx.Mgmt/
RUN dotnet restore src/Emqx.Mgmt
COPY src src
RUN dotnet publish src/Emqx.Mgmt -c Release -p:Image=true -o /server

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-alpine
WORKDIR /server
COPY --from=build /server .
RUN mkdir /data && chown $APP_UID /data
ENV EMQX_NODE__DATA_DIR=/data
VOLUME /data
EXPOSE 1883 8083 8084 8883 18083
USER $APP_UID
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s CMD wget -q -O /dev/null http://127.0.0.1:18083/status
ENTRYPOINT ["./Emqx.Mgmt"]
