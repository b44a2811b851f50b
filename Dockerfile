# One function as an image: docker build --build-arg FUNCTION=dubbo -t dubbo .
#
# Hosts run it as `nobody`, without network, on any working directory: the image is one file that everybody may read.
ARG BASE=node:22-slim

FROM ${BASE} AS build
WORKDIR /meltemi
COPY package.json package-lock.json ./
# Scripts wait until the sources are here.
RUN npm ci --ignore-scripts
COPY . .
ARG FUNCTION
RUN test -n "${FUNCTION}" || { echo "--build-arg FUNCTION=<folder under functions/> is needed" >&2; exit 1; }
RUN npm run --silent build -- "${FUNCTION}" && cp "dist/${FUNCTION}.mjs" /function.mjs

FROM ${BASE}
COPY --from=build /function.mjs /meltemi/LICENSE /meltemi/dist/THIRD-PARTY-NOTICES.txt /
USER 65534:65534
ENTRYPOINT ["node", "/function.mjs"]
